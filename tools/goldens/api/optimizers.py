"""Goldens of the optimizers and schedules: variables after each of several steps, the final state, and configs.

Run: KERAS_BACKEND=jax python tools/goldens/api/optimizers.py
"""

from golden_file import encode, encode_all, write

import keras
import numpy as np
from keras import optimizers as O

CASES = []
STEPS = 5


def case(name, make, steps=STEPS, constraint=False, overwrite=False):
    rng = np.random.default_rng(len(CASES) + 40)
    optimizer = make()
    variables = []
    for index, shape in enumerate([(3, 4), (4,)]):
        variable = keras.Variable(rng.standard_normal(shape).astype("float32"), name=["kernel", "bias"][index])
        variables.append(variable)
    if constraint:
        variables[0].constraint = keras.constraints.MaxNorm(0.8)
    initial = [v.numpy() for v in variables]
    optimizer.build(variables)
    record = []
    for _ in range(steps):
        gradients = [rng.standard_normal(v.shape).astype("float32") for v in variables]
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients])
        record.append(
            {
                "gradients": encode_all(gradients),
                "variables": encode_all([v.numpy() for v in variables]),
                "learningRate": float(optimizer.learning_rate),
                "iterations": int(optimizer.iterations.value if hasattr(optimizer.iterations, "value") else optimizer.iterations),
            }
        )
    entry = {
        "name": name,
        "className": type(optimizer).__name__,
        "config": optimizer.get_config(),
        "constraint": 0.8 if constraint else None,
        "initial": encode_all(initial),
        "steps": record,
        "stateNames": [v.name for v in optimizer.variables],
        "statePaths": [v.path for v in optimizer.variables],
        "state": encode_all([v.numpy() for v in optimizer.variables]),
    }
    if overwrite:
        optimizer.finalize_variable_values(variables)
        entry["finalized"] = encode_all([v.numpy() for v in variables])
    CASES.append(entry)


def plain():
    case("sgd", lambda: O.SGD(0.1))
    case("sgd momentum", lambda: O.SGD(0.1, momentum=0.9))
    case("sgd nesterov", lambda: O.SGD(0.1, momentum=0.9, nesterov=True))
    case("adam", lambda: O.Adam(0.05))
    case("adam defaults", lambda: O.Adam())
    case("adam amsgrad", lambda: O.Adam(0.05, amsgrad=True, beta_1=0.8, beta_2=0.95, epsilon=1e-5))
    case("adamw", lambda: O.AdamW(0.05, weight_decay=0.1))
    case("rmsprop", lambda: O.RMSprop(0.05))
    case("rmsprop centered momentum", lambda: O.RMSprop(0.05, rho=0.8, momentum=0.9, centered=True))
    case("rmsprop momentum", lambda: O.RMSprop(0.05, momentum=0.5))
    case("rmsprop centered", lambda: O.RMSprop(0.05, centered=True))
    case("adagrad", lambda: O.Adagrad(0.1))
    case("adadelta", lambda: O.Adadelta(1.0))
    case("adamax", lambda: O.Adamax(0.05))
    case("nadam", lambda: O.Nadam(0.05))
    case("lion", lambda: O.Lion(0.05))


def common():
    case("clipnorm", lambda: O.SGD(0.1, clipnorm=0.5))
    case("clipvalue", lambda: O.SGD(0.1, clipvalue=0.3))
    case("global clipnorm", lambda: O.Adam(0.05, global_clipnorm=0.7))
    case("weight decay", lambda: O.SGD(0.1, weight_decay=0.05))
    case("ema", lambda: O.SGD(0.1, use_ema=True, ema_momentum=0.8), overwrite=True)
    case("ema overwrite", lambda: O.Adam(0.05, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2), overwrite=True)
    case("accumulation", lambda: O.Adam(0.05, gradient_accumulation_steps=2), steps=6)
    case("accumulation sgd decay ema", lambda: O.SGD(0.1, gradient_accumulation_steps=3, weight_decay=0.1, use_ema=True), steps=7)
    case("constraint", lambda: O.SGD(0.1), constraint=True)
    case("loss scale", lambda: O.SGD(0.1, loss_scale_factor=8.0))


def schedules():
    S = O.schedules
    rows = {
        "exponential": lambda: S.ExponentialDecay(0.1, 2, 0.9),
        "exponential staircase": lambda: S.ExponentialDecay(0.1, 2, 0.5, staircase=True),
        "piecewise": lambda: S.PiecewiseConstantDecay([1, 3], [0.3, 0.2, 0.1]),
        "polynomial": lambda: S.PolynomialDecay(0.1, 3, end_learning_rate=0.01, power=2.0),
        "polynomial cycle": lambda: S.PolynomialDecay(0.1, 2, cycle=True),
        "cosine": lambda: S.CosineDecay(0.1, 4, alpha=0.1),
        "cosine warmup": lambda: S.CosineDecay(0.0, 4, warmup_target=0.2, warmup_steps=2),
        "cosine restarts": lambda: S.CosineDecayRestarts(0.1, 2, t_mul=2.0, m_mul=0.8, alpha=0.05),
        "inverse time": lambda: S.InverseTimeDecay(0.1, 2, 0.5),
        "inverse time staircase": lambda: S.InverseTimeDecay(0.1, 2, 0.5, staircase=True),
    }
    for name, make in rows.items():
        case(f"schedule {name}", lambda: O.SGD(make()), steps=7)


for group in [plain, common, schedules]:
    group()
write("optimizers", CASES)
