"""Goldens of the metrics: the result after each of several updates, the state, and configs.

Run: KERAS_BACKEND=jax python tools/goldens/api/metrics.py
"""

from golden_file import encode, encode_all, write

import keras
import numpy as np
from keras import metrics as K

CASES = []
rng = np.random.default_rng(30)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)).astype("float32")


def normal(*shape):
    return rng.standard_normal(shape).astype("float32")


def probabilities(*shape):
    return rng.uniform(0.02, 0.98, shape).astype("float32")


def binary(*shape):
    return rng.integers(0, 2, shape).astype("float32")


def one_hot(*shape):
    return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]


def labels(n, *shape):
    return rng.integers(0, n, shape).astype("int32")


def case(name, metric, *updates):
    """Each update is a tuple of the positional arguments of update_state; None where there is no sample weight."""
    steps = []
    for update in updates:
        metric.update_state(*update)
        steps.append(
            {
                "arguments": [None if a is None else encode(a) for a in update],
                "result": encode(metric.result()),
            }
        )
    CASES.append(
        {
            "name": name,
            "className": type(metric).__name__,
            "config": metric.get_config(),
            "steps": steps,
            "state": encode_all([v.numpy() for v in metric.variables]),
            "names": [v.name for v in metric.variables],
        }
    )


def pairs(truth, prediction, weight=None):
    """Three updates, the second one weighted when `weight` is given."""
    return [
        (truth(), prediction(), None),
        (truth(), prediction(), weight() if weight else None),
        (truth(), prediction(), None),
    ]


def reductions():
    case("mean", K.Mean(), (normal(4),), (normal(3, 2),), (normal(4), probabilities(4)))
    case("mean scalar", K.Mean(name="loss"), (np.float32(2.5), np.float32(3)), (np.float32(1.5), np.float32(1)))
    case("sum", K.Sum(), (normal(4),), (normal(3, 2), probabilities(3)))


def regression():
    for make in [K.MeanSquaredError, K.RootMeanSquaredError, K.MeanAbsoluteError, K.MeanAbsolutePercentageError,
                 K.MeanSquaredLogarithmicError, K.LogCoshError, K.CosineSimilarity]:
        low = make is K.MeanSquaredLogarithmicError
        data = (lambda: probabilities(4, 3)) if low else (lambda: normal(4, 3))
        case(make().name, make(), *pairs(data, data, lambda: probabilities(4)))


def accuracies():
    case("accuracy", K.Accuracy(), *pairs(lambda: labels(3, 6), lambda: labels(3, 6), lambda: probabilities(6)))
    case("binary accuracy", K.BinaryAccuracy(), *pairs(lambda: binary(6, 1), lambda: probabilities(6, 1), lambda: probabilities(6)))
    case("binary accuracy threshold", K.BinaryAccuracy(threshold=0.7), *pairs(lambda: binary(6), lambda: probabilities(6)))
    case("categorical accuracy", K.CategoricalAccuracy(), *pairs(lambda: one_hot(6, 4), lambda: softmax(normal(6, 4)), lambda: probabilities(6)))
    sparse = K.SparseCategoricalAccuracy
    case("sparse accuracy", sparse(), *pairs(lambda: labels(4, 6), lambda: softmax(normal(6, 4)), lambda: probabilities(6)))
    case("sparse accuracy column", sparse(), *pairs(lambda: labels(4, 6, 1), lambda: softmax(normal(6, 4))))
    case("sparse accuracy sequence", sparse(), *pairs(lambda: labels(4, 2, 3), lambda: softmax(normal(2, 3, 4)), lambda: probabilities(2, 3)))
    case("top k", K.TopKCategoricalAccuracy(k=2), *pairs(lambda: one_hot(6, 5), lambda: softmax(normal(6, 5)), lambda: probabilities(6)))
    case("sparse top k", K.SparseTopKCategoricalAccuracy(k=3), *pairs(lambda: labels(6, 6), lambda: softmax(normal(6, 6))))


def losses():
    case("binary crossentropy", K.BinaryCrossentropy(), *pairs(lambda: binary(4, 3), lambda: probabilities(4, 3), lambda: probabilities(4)))
    case("categorical crossentropy", K.CategoricalCrossentropy(label_smoothing=0.1), *pairs(lambda: one_hot(4, 3), lambda: softmax(normal(4, 3))))
    case("sparse crossentropy", K.SparseCategoricalCrossentropy(from_logits=True), *pairs(lambda: labels(3, 5), lambda: normal(5, 3), lambda: probabilities(5)))
    case("kl", K.KLDivergence(), *pairs(lambda: softmax(normal(4, 3)), lambda: softmax(normal(4, 3))))
    case("poisson", K.Poisson(), *pairs(lambda: probabilities(4, 3), lambda: probabilities(4, 3)))
    case("hinge", K.Hinge(), *pairs(lambda: binary(4, 3), lambda: normal(4, 3)))
    case("squared hinge", K.SquaredHinge(), *pairs(lambda: binary(4, 3), lambda: normal(4, 3)))
    case("categorical hinge", K.CategoricalHinge(), *pairs(lambda: one_hot(4, 3), lambda: normal(4, 3)))


def confusion():
    for make in [K.Precision, K.Recall, K.TruePositives, K.TrueNegatives, K.FalsePositives, K.FalseNegatives]:
        case(make().name, make(), *pairs(lambda: binary(12), lambda: probabilities(12), lambda: probabilities(12)))
    case("precision thresholds", K.Precision(thresholds=[0.25, 0.5, 0.75]), *pairs(lambda: binary(12), lambda: probabilities(12)))
    case("recall class", K.Recall(class_id=1), *pairs(lambda: one_hot(6, 3), lambda: softmax(normal(6, 3))))
    case("precision top k", K.Precision(top_k=2), *pairs(lambda: one_hot(6, 4), lambda: softmax(normal(6, 4))))
    for curve in ["ROC", "PR"]:
        for method in ["interpolation", "minoring", "majoring"]:
            case(
                f"auc {curve} {method}",
                K.AUC(num_thresholds=21, curve=curve, summation_method=method),
                *pairs(lambda: binary(20), lambda: probabilities(20), lambda: probabilities(20)),
            )
    case("auc default", K.AUC(), *pairs(lambda: binary(20, 1), lambda: probabilities(20, 1)))
    case("auc logits", K.AUC(from_logits=True, num_thresholds=11), *pairs(lambda: binary(20, 1), lambda: normal(20, 1)))
    case("auc thresholds", K.AUC(thresholds=[0.2, 0.35, 0.8]), *pairs(lambda: binary(20, 1), lambda: probabilities(20, 1), lambda: probabilities(20)))
    case("auc multi label", K.AUC(num_thresholds=9, multi_label=True, num_labels=3), *pairs(lambda: binary(8, 3), lambda: probabilities(8, 3)))
    case(
        "auc label weights",
        K.AUC(num_thresholds=9, multi_label=True, num_labels=3, label_weights=[0.2, 0.3, 0.5]),
        *pairs(lambda: binary(8, 3), lambda: probabilities(8, 3)),
    )


for group in [reductions, regression, accuracies, losses, confusion]:
    group()
write("metrics", CASES)
