"""Goldens of whole runs: random models, trained in random ways (see random_models.py), and what Keras computes.

A case is a config of a model, a config of `compile`, rules that make the data, and runs (fit, evaluate, ...) with their
results. Both sides seed, make the model from its config, compile it from its config and do the runs. Data follow rules, so
that nobody has to store them. A case whose results change by more than a little when data and weights change by a rounding
error says nothing about an implementation: it is dropped.

Run: KERAS_BACKEND=jax python tools/goldens/parity.py [--cases 48] [--first 0] [--out FILE]
It needs Python with keras 3.15.1 and jax, and takes ten minutes. The golden file of the tests is what it writes without
arguments; for a search, write others elsewhere (--first 1000 --out /tmp/more.json.gz) and replay them:
CERATOPS_PARITY=/tmp/more.json.gz npx vitest run packages/api/src/parity.test.ts
TRACE=1 prints why models were dropped: random arguments that do not fit, or faults of Keras on JAX (donated arrays used again).
"""

import argparse
import base64
import copy
import gzip
import json
import os
import pathlib
import random
import sys
import tempfile
import traceback

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import keras
import numpy as np
from keras import losses, metrics, optimizers
from random_models import made, random_model

PATH = pathlib.Path(__file__).parents[2] / "packages/api/goldens/parity.json.gz"
TOLERANCE = 2e-6
PERTURBATIONS = 3

# Data ------------------------------------------------------------------------------------------------------------------


def array(rule, samples):
    """The array of a data rule: `samples` rows."""
    shape = [samples, *rule["shape"]]
    index = np.arange(np.prod(shape), dtype=np.int64)
    step = rule["step"]
    if rule["rule"] == "grid":
        return ((index * step + 13) % 1000 / 500.0 - 1.0).astype("float32").reshape(shape)
    if rule["rule"] == "unit":
        return ((index * step + 13) % 1000 / 1000.0).astype("float32").reshape(shape)
    whole = (index * step % 1009 % rule["count"]).astype("int32").reshape(shape)
    if rule["rule"] == "one_hot":
        return np.eye(rule["count"], dtype="float32")[whole]
    if rule["rule"] == "zero_one":
        return whole.astype("float32")
    return whole


# Compile ---------------------------------------------------------------------------------------------------------------


def task(r):
    """A kind of output: its units and activation, the rule of its targets, its losses and metrics."""
    units = r.randint(2, 4)
    step = r.choice([5, 17, 131, 53])
    regression = {
        "units": units, "activation": r.choice([None, "tanh"]), "target": {"rule": "grid", "shape": [units], "step": step}, "dense": True,
        "losses": ["mse", "mae", "mean_squared_error", "mean_absolute_error", "huber", "log_cosh", "cosine_similarity",
                   lambda: losses.Huber(0.5), lambda: losses.MeanSquaredError(reduction=r.choice(["sum", "mean", "mean_with_sample_weight"])),
                   lambda: losses.MeanAbsoluteError(name="far"), lambda: losses.CosineSimilarity(axis=-1), "mape", "LogCosh"],
        "metrics": ["mse", "mae", lambda: metrics.MeanSquaredError(name="squares"), lambda: metrics.MeanAbsoluteError(),
                    lambda: metrics.RootMeanSquaredError(), "cosine_similarity", lambda: metrics.LogCoshError(), "mape"],
    }
    positive = {
        "units": units, "activation": r.choice(["softplus", "sigmoid", "softmax"]), "dense": True,
        "target": {"rule": "unit", "shape": [units], "step": step},
        "losses": ["kl_divergence", "poisson", "msle", lambda: losses.KLDivergence(), "mean_squared_logarithmic_error"],
        "metrics": ["mse", "kl_divergence", lambda: metrics.KLDivergence(), "mean_absolute_error", "poisson", "msle",
                    lambda: metrics.Poisson(name="rare")],
    }
    binary = {
        "units": 1, "activation": r.choice(["sigmoid", "sigmoid", None]), "target": {"rule": "zero_one", "shape": [1], "step": step, "count": 2},
        "dense": False,
    }
    logits = binary["activation"] is None
    binary["losses"] = [lambda: losses.BinaryCrossentropy(from_logits=logits, label_smoothing=r.choice([0.0, 0.1])),
                        lambda: losses.BinaryFocalCrossentropy(from_logits=logits, gamma=1.5), "hinge", "squared_hinge"]
    if not logits:
        binary["losses"] += ["binary_crossentropy", "bce", "crossentropy"]
    binary["metrics"] = ["accuracy", "binary_accuracy", lambda: metrics.BinaryAccuracy(threshold=0.4), "hinge", lambda: metrics.SquaredHinge(),
                         lambda: metrics.BinaryCrossentropy(from_logits=logits, label_smoothing=0.1)]
    if not logits:
        binary["metrics"] += ["AUC", lambda: metrics.AUC(num_thresholds=20, curve=r.choice(["ROC", "PR"])), lambda: metrics.Precision(),
                              lambda: metrics.Recall(0.4), "binary_crossentropy", lambda: metrics.FalsePositives([0.3, 0.6]),
                              lambda: metrics.TrueNegatives(), "Precision", lambda: metrics.FalseNegatives(0.5)]
    sparse = {
        "units": max(units, 3), "activation": r.choice(["softmax", None]), "dense": False,
        "target": {"rule": "whole", "shape": r.choice([[], [1]]), "step": step, "count": max(units, 3)},
    }
    raw = sparse["activation"] is None
    sparse["losses"] = [lambda: losses.SparseCategoricalCrossentropy(from_logits=raw, ignore_class=r.choice([None, None, 1]))]
    if not raw:
        sparse["losses"] += ["sparse_categorical_crossentropy", "crossentropy"]
    sparse["metrics"] = ["accuracy", "acc", "sparse_categorical_accuracy", lambda: metrics.SparseTopKCategoricalAccuracy(k=2),
                         lambda: metrics.SparseCategoricalCrossentropy(from_logits=raw)]
    categorical = {
        "units": units, "activation": r.choice(["softmax", None]), "dense": False,
        "target": {"rule": "one_hot", "shape": [], "step": step, "count": units},
    }
    bare = categorical["activation"] is None
    categorical["losses"] = [lambda: losses.CategoricalCrossentropy(from_logits=bare, label_smoothing=r.choice([0.0, 0.2])),
                             lambda: losses.CategoricalFocalCrossentropy(from_logits=bare), "categorical_hinge"]
    if not bare:
        categorical["losses"] += ["categorical_crossentropy", "crossentropy"]
    categorical["metrics"] = ["accuracy", "categorical_accuracy", lambda: metrics.TopKCategoricalAccuracy(k=2), "mse", "categorical_hinge",
                              lambda: metrics.Precision(class_id=1), lambda: metrics.Recall(top_k=1), lambda: metrics.Precision(top_k=2, class_id=0),
                              lambda: metrics.CategoricalCrossentropy(from_logits=bare)]
    if not bare:
        categorical["metrics"] += [lambda: metrics.AUC(multi_label=True, num_labels=units), lambda: metrics.AUC(), lambda: metrics.AUC(num_thresholds=11)]
    chosen = r.choice([regression, regression, positive, binary, sparse, sparse, categorical])
    chosen["loss"] = made(r.choice(chosen.pop("losses")))
    listed = chosen.pop("metrics")
    chosen["metrics"] = [made(m) for m in r.sample(listed, r.randint(0, min(3, len(listed))))]
    chosen["weighted"] = [made(m) for m in r.sample(listed, r.choice([0, 0, 1, 2]))]
    return chosen


def schedule(r):
    s = optimizers.schedules
    return r.choice([
        lambda: s.ExponentialDecay(0.05, r.randint(2, 6), 0.7, staircase=r.random() < 0.4),
        lambda: s.PiecewiseConstantDecay([2, 5], [0.05, 0.02, 0.01]),
        lambda: s.PolynomialDecay(0.05, 7, end_learning_rate=0.005, power=r.choice([1.0, 2.0]), cycle=r.random() < 0.4),
        lambda: s.InverseTimeDecay(0.05, 3, 0.5, staircase=r.random() < 0.4),
        lambda: s.CosineDecay(0.05, 9, alpha=0.1, warmup_target=r.choice([None, 0.08]), warmup_steps=3),
        lambda: s.CosineDecayRestarts(0.05, 3, t_mul=1.5, m_mul=0.8, alpha=0.05),
    ])()


def optimizer(r):
    rate = r.choice([0.01, 0.05, 0.003]) if r.random() < 0.7 else schedule(r)
    options = {"learning_rate": rate}
    if r.random() < 0.35:
        options[r.choice(["clipnorm", "clipvalue", "global_clipnorm"])] = r.choice([0.05, 0.5, 1.0])
    if r.random() < 0.2:
        options["weight_decay"] = r.choice([0.01, 0.1])
    if r.random() < 0.2:
        options.update(use_ema=True, ema_momentum=r.choice([0.9, 0.5]), ema_overwrite_frequency=r.choice([None, 2, 3]))
    if r.random() < 0.15:
        options["gradient_accumulation_steps"] = r.randint(2, 3)
    if r.random() < 0.1:
        options["loss_scale_factor"] = 8.0
    return r.choice([
        lambda: optimizers.SGD(momentum=(m := r.choice([0.0, 0.9])), nesterov=m > 0 and r.random() < 0.5, **options),
        lambda: optimizers.Adam(amsgrad=r.random() < 0.3, beta_1=r.choice([0.9, 0.7]), epsilon=r.choice([1e-7, 1e-3]), **options),
        lambda: optimizers.AdamW(epsilon=r.choice([1e-7, 1e-3]), **options),
        lambda: optimizers.RMSprop(rho=r.choice([0.9, 0.7]), momentum=r.choice([0.0, 0.5]), centered=r.random() < 0.3,
                                   epsilon=r.choice([1e-7, 1e-2]), **options),
        lambda: r.choice(["sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "lion"]),
        lambda: r.choice([
            lambda: optimizers.Adagrad(initial_accumulator_value=r.choice([0.1, 0.5]), **options),
            lambda: optimizers.Adadelta(rho=r.choice([0.95, 0.7]), epsilon=1e-3, **options),
            lambda: optimizers.Adamax(epsilon=1e-3, **options),
            lambda: optimizers.Nadam(epsilon=r.choice([1e-7, 1e-3]), **options),
            lambda: optimizers.Lion(beta_1=r.choice([0.9, 0.7]), **options),
        ])(),
    ])()


def compile_options(r, tasks, names):
    options = {"optimizer": optimizer(r)}
    by_name = r.random() < 0.5 and all(names)
    if len(tasks) == 1:
        options["loss"] = tasks[0]["loss"]
    else:
        options["loss"] = {n: t["loss"] for n, t in zip(names, tasks)} if by_name else [t["loss"] for t in tasks]
        if r.random() < 0.1:
            options["loss"][names[0] if by_name else 0] = None
        if r.random() < 0.6:
            factors = [r.choice([0.5, 2.0, 1.0]) for _ in tasks]
            options["loss_weights"] = dict(zip(names, factors)) if by_name else factors
    for key, source in (("metrics", "metrics"), ("weighted_metrics", "weighted")):
        lists = [t[source] for t in tasks]
        if any(lists):
            options[key] = lists[0] if len(tasks) == 1 else dict(zip(names, lists)) if by_name else lists
    if r.random() < 0.15:
        options["steps_per_execution"] = 2
    return options


# Runs ------------------------------------------------------------------------------------------------------------------


def weights_rule(r):
    return {"rule": "unit", "shape": [], "step": r.choice([37, 131])}


def fit_run(r, tasks, samples):
    options = {"epochs": r.randint(1, 4), "batch_size": r.choice([3, 4, 5, 8, 32]), "shuffle": r.choice([True, True, False, False, "batch"])}
    kind = r.choice(["none", "none", "split", "data", "data weighted"])
    if kind == "split":
        options["validation_split"] = r.choice([0.2, 0.35])
    elif kind != "none":
        options["validation_samples"] = r.randint(3, 9)
        options["validation_weighted"] = kind == "data weighted"
    if kind != "none" and r.random() < 0.3:
        options["validation_batch_size"] = r.choice([2, 5])
    if kind != "none" and r.random() < 0.2:
        options["validation_steps"] = r.randint(1, 3)
    if kind != "none" and r.random() < 0.2:
        options["validation_freq"] = r.choice([2, [1, 3]])
    if r.random() < 0.15:
        options.update(initial_epoch=1, epochs=options["epochs"] + 1)
    if r.random() < 0.15:
        options["steps_per_epoch"] = r.randint(1, 3)
    classified = len(tasks) == 1 and tasks[0]["target"]["rule"] in ("whole", "zero_one", "one_hot")
    draw = r.random()
    if draw < 0.3:
        options["sample_weight"] = weights_rule(r) if len(tasks) == 1 else [weights_rule(r) for _ in tasks]
    elif draw < 0.55 and classified:
        options["class_weight"] = {"0": 2.0, "1": 0.5}
    if kind != "none" and r.random() < 0.35 and "validation_freq" not in options:
        options["early_stopping"] = {
            "monitor": "val_loss", "patience": r.randint(0, 2), "restore_best_weights": r.random() < 0.7, "mode": r.choice(["auto", "min", "max"]),
            "min_delta": r.choice([0.0, 0.01]), "start_from_epoch": r.choice([0, 0, 1]), "baseline": r.choice([None, None, 0.3]),
        }
        options["epochs"] += 3
    return {"run": "fit", "samples": samples, "options": options}


def other_run(r, tasks, samples):
    run = r.choice(["evaluate", "evaluate", "train_on_batch", "test_on_batch"])
    options = {"batch_size": r.choice([4, 7, 32])} if run == "evaluate" else {}
    if r.random() < 0.4 and (run == "evaluate" or len(tasks) == 1):
        options["sample_weight"] = weights_rule(r) if len(tasks) == 1 else [weights_rule(r) for _ in tasks]
    if run == "evaluate" and r.random() < 0.15:
        options["steps"] = 1
    return {"run": run, "samples": samples if run == "evaluate" else 5, "options": options}


def data_of(case, samples, weights=None, scale=None):
    x = [array(rule, samples) for rule in case["inputs"]]
    if scale is not None:
        x = [rows * scale(rows) if rows.dtype == np.float32 else rows for rows in x]
    y = [array(rule, samples) for rule in case["targets"]]
    one = lambda items, single: items[0] if single else items
    w = None if weights is None else array(weights, samples) if isinstance(weights, dict) else [array(rule, samples) for rule in weights]
    return one(x, len(x) == 1), one(y, case["single"]), w


def perform(model, case, run, scale=None):
    """Does one run; its result as a list of [name, numbers], in Keras' order."""
    options = dict(run["options"])
    x, y, w = data_of(case, run["samples"], options.pop("sample_weight", None), scale)
    if run["run"] == "fit":
        if "class_weight" in options:
            options["class_weight"] = {int(k): v for k, v in options["class_weight"].items()}
        if "validation_samples" in options:
            count, weighted = options.pop("validation_samples"), options.pop("validation_weighted")
            rule = {"rule": "unit", "shape": [], "step": 211}
            held = data_of(case, count, (rule if case["single"] else [rule] * len(case["targets"])) if weighted else None, scale)
            options["validation_data"] = held if weighted else held[:2]
        if "early_stopping" in options:
            options["callbacks"] = [keras.callbacks.EarlyStopping(**options.pop("early_stopping"))]
        history = model.fit(x, y, sample_weight=w, verbose=0, **options)
        return [[k, v] for k, v in history.history.items()]
    if run["run"] == "evaluate":
        logs = model.evaluate(x, y, sample_weight=w, verbose=0, return_dict=True, **options)
    else:
        logs = getattr(model, run["run"])(x, y, sample_weight=w, return_dict=True)
    return [[k, [float(v)]] for k, v in logs.items()]


# Cases -----------------------------------------------------------------------------------------------------------------


def packed(a):
    a = np.asarray(a)
    if a.dtype == np.float32:
        return base64.b64encode(a.tobytes()).decode("ascii")
    return [float(v) for v in a.ravel()]


def plain(value):
    """JSON without what Keras leaves out of meaning: Python ids."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "shared_object_id"}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def outcome(model, case, scale=None):
    results = [perform(model, case, run, scale) for run in case["runs"]]
    predicted = model.predict(data_of(case, 6, scale=scale)[0], verbose=0, **case["predict"])
    return {"results": results, "predicted": [np.asarray(p) for p in keras.tree.flatten(predicted)],
            "weights": [np.asarray(w) for w in model.weights]}


def numbers(o):
    yield from (np.asarray(values) for result in o["results"] for _, values in result)
    yield from o["predicted"]
    yield from o["weights"]


def sane(before, after):
    """Whether a rounding error stayed one."""
    for a, b in zip(numbers(before), numbers(after), strict=True):
        if a.shape != b.shape or not np.all(np.isfinite(a)) or not np.all(np.isfinite(b)):
            return False
        a, b = a.astype("float64"), b.astype("float64")
        scale = np.max(np.abs(a), initial=0)
        if scale > 1e4 or (scale > 0 and (scale < 1e-6 or np.max(np.abs(a - b)) > TOLERANCE * scale)):
            return False
    return True


def fresh(case):
    keras.utils.clear_session()
    keras.utils.set_random_seed(case["seed"])
    model = keras.models.model_from_json(json.dumps(case["model"]))
    model.compile_from_config(copy.deepcopy(case["compile"]))  # Keras writes into it
    return model


def make(number):
    """The case of a number, or None when it is ill conditioned."""
    r = random.Random(number)
    keras.utils.clear_session()
    keras.utils.set_random_seed(number)
    tasks = [task(r) for _ in range(r.choice([1, 1, 1, 2, 3]))]
    model, rules = random_model(r, tasks)
    if model.count_params() > 600:
        return None
    if any(len(out.shape) > 2 for out in model.outputs) and tasks[0]["target"]["rule"] != "grid":
        return None
    for out, t in zip(model.outputs, tasks):
        if len(out.shape) > 2:
            t["target"]["shape"] = list(out.shape[1:])
    model.compile(**compile_options(r, tasks, getattr(model, "output_names", [None])))
    samples = r.choice([9, 12, 14, 17])
    runs = [fit_run(r, tasks, samples)] + [other_run(r, tasks, samples) for _ in range(r.randint(0, 2))]
    if r.random() < 0.25:
        runs.append(fit_run(r, tasks, samples))
    config = plain(json.loads(model.to_json()))
    compile_config = config.pop("compile_config")
    case = {
        "name": f"case {number}", "seed": number, "model": config, "compile": compile_config, "inputs": rules,
        "targets": [t["target"] for t in tasks], "single": not isinstance(getattr(model, "_outputs_struct", None), (list, tuple)),
        "runs": runs, "predict": {"batch_size": r.choice([2, 4, 32])} | r.choice([{}, {}, {}, {"steps": 1}]),
    }
    model = fresh(case)
    initial = [np.asarray(w) for w in model.weights]
    before = outcome(model, case)
    lines = []
    model.summary(print_fn=lines.append)
    noise = random.Random(number)
    scale = lambda rows: (1 + 6e-8 * np.array([noise.choice([-1, 0, 1]) for _ in range(rows.size)])).reshape(rows.shape).astype("float32")
    for _ in range(PERTURBATIONS):
        other = fresh(case)
        other.set_weights([w * scale(w) if w.dtype == np.float32 else w for w in initial])
        if not sane(before, outcome(other, case, scale)):
            return None
    case["expected"] = {
        "paths": [w.path for w in model.weights], "initial": [packed(a) for a in initial], "results": before["results"],
        "predicted": [packed(p) for p in before["predicted"]], "final": [packed(w) for w in before["weights"]],
        "summary": "".join(lines), "rate": float(model.optimizer.learning_rate),
    }
    return case


def keep_compiled(folder):
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=48)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, default=PATH)
    arguments = parser.parse_args()
    cases, dropped, number = [], {}, arguments.first
    # A case compiles the same programs for each perturbation.
    with tempfile.TemporaryDirectory() as folder:
        keep_compiled(folder)
        while len(cases) < arguments.cases:
            try:
                case, why = make(number), "ill conditioned or large"
            except Exception as error:  # noqa: BLE001: random arguments may be no valid model
                case, why = None, f"{type(error).__name__}: {str(error)[:80]}"
                if os.environ.get("TRACE"):
                    traceback.print_exc()
            if case is None:
                dropped[why] = dropped.get(why, 0) + 1
            else:
                cases.append(case)
            number += 1
            print(f"\r{number - arguments.first} tried, {len(cases)} kept", end="", file=sys.stderr, flush=True)
    document = {"keras": keras.version(), "cases": cases}
    with gzip.GzipFile(arguments.out, "wb", mtime=0) as file:
        file.write(json.dumps(document, separators=(",", ":")).encode())
    print(f"\n{len(cases)} cases, {arguments.out.stat().st_size} bytes; dropped: {dropped}")


if __name__ == "__main__":
    main()
