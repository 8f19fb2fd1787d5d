"""Goldens of the losses: value and gradient with respect to the predictions, and configs.

Run: KERAS_BACKEND=jax python tools/goldens/api/losses.py
"""

from golden_file import encode, write

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import losses as K

CASES = []
rng = np.random.default_rng(20)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)).astype("float32")


def normal(*shape):
    return rng.standard_normal(shape).astype("float32")


def probabilities(*shape):
    return rng.uniform(0.02, 0.98, shape).astype("float32")


def binary(*shape):
    return rng.integers(0, 2, shape).astype("float32")


def signs(*shape):
    return (2 * rng.integers(0, 2, shape) - 1).astype("float32")


def one_hot(*shape):
    return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], shape[:-1])]


def case(name, loss, y_true, y_pred, sample_weight=None, mask=None, unwritten=None):
    """One call. `unwritten`: arguments that Keras takes but leaves out of the config."""
    def value(p):
        if mask is not None:
            p = jnp.asarray(p)
            keras.src.backend.set_keras_mask(p, jnp.asarray(mask))
        return loss(y_true, p, sample_weight=sample_weight)

    out = value(jnp.asarray(y_pred))
    cotangent = np.asarray(normal(*out.shape)) if out.ndim else np.float32(1.25)
    entry = {
        "name": name,
        "className": type(loss).__name__,
        "config": loss.get_config(),
        "unwritten": unwritten or {},
        "yTrue": encode(y_true),
        "yPred": encode(y_pred),
        "sampleWeight": None if sample_weight is None else encode(sample_weight),
        "mask": None if mask is None else encode(mask),
        "output": encode(out),
    }
    if mask is None:
        _, vjp = jax.vjp(value, jnp.asarray(y_pred))
        entry |= {"cotangent": encode(cotangent), "gradient": encode(vjp(jnp.asarray(cotangent, out.dtype))[0])}
    CASES.append(entry)


def regression():
    makers = {
        "mse": K.MeanSquaredError,
        "mae": K.MeanAbsoluteError,
        "mape": K.MeanAbsolutePercentageError,
        "huber": K.Huber,
        "log cosh": K.LogCosh,
        "cosine": K.CosineSimilarity,
    }
    for name, make in makers.items():
        case(name, make(), normal(4, 3), normal(4, 3))
        case(f"{name} weighted", make(), normal(4, 3), normal(4, 3), sample_weight=probabilities(4))
        case(f"{name} none", make(reduction="none"), normal(2, 3, 4), normal(2, 3, 4))
    case("huber delta", K.Huber(delta=0.3), normal(4, 3), normal(4, 3), unwritten={"delta": 0.3})
    case("cosine axis", K.CosineSimilarity(axis=1), normal(4, 3, 2), normal(4, 3, 2), unwritten={"axis": 1})
    case("msle", K.MeanSquaredLogarithmicError(), probabilities(4, 3), probabilities(4, 3) * 3)
    case("poisson", K.Poisson(), probabilities(4, 3) * 3, probabilities(4, 3) * 3)
    case("kl", K.KLDivergence(), softmax(normal(4, 5)), softmax(normal(4, 5)))
    case("mse sum", K.MeanSquaredError(reduction="sum"), normal(4, 3), normal(4, 3))
    case("mse mean", K.MeanSquaredError(reduction="mean"), normal(4, 3), normal(4, 3), sample_weight=probabilities(4))
    case(
        "mse mean with sample weight",
        K.MeanSquaredError(reduction="mean_with_sample_weight"),
        normal(4, 3),
        normal(4, 3),
        sample_weight=probabilities(4),
    )
    case("mse squeezes", K.MeanSquaredError(), normal(5), normal(5, 1))
    case("mse weight rank 2", K.MeanSquaredError(), normal(3, 4, 2), normal(3, 4, 2), sample_weight=probabilities(3, 4))
    case("mse weight column", K.MeanSquaredError(), normal(4, 3), normal(4, 3), sample_weight=probabilities(4, 1))
    mask = np.array([[True, True, False], [True, False, False]])
    case("mse mask", K.MeanSquaredError(), normal(2, 3, 2), normal(2, 3, 2), mask=mask)
    case("mse mask weighted", K.MeanSquaredError(), normal(2, 3, 2), normal(2, 3, 2), probabilities(2, 3), mask)
    case("mse mask sum", K.MeanSquaredError(reduction="sum"), normal(2, 3, 2), normal(2, 3, 2), mask=mask)


def hinges():
    case("hinge", K.Hinge(), signs(4, 3), normal(4, 3))
    case("hinge from binary", K.Hinge(), binary(4, 3), normal(4, 3))
    case("squared hinge", K.SquaredHinge(), signs(4, 3), normal(4, 3))
    case("categorical hinge", K.CategoricalHinge(), one_hot(4, 3), normal(4, 3))


def crossentropies():
    case("binary", K.BinaryCrossentropy(), binary(4, 3), probabilities(4, 3))
    case("binary logits", K.BinaryCrossentropy(from_logits=True), binary(4, 3), normal(4, 3) * 4)
    case("binary smoothing", K.BinaryCrossentropy(label_smoothing=0.1), binary(4, 3), probabilities(4, 3))
    edge = np.array([[0.0, 1.0, 1e-9], [1.0, 0.0, 0.5]], dtype="float32")
    case("binary clips", K.BinaryCrossentropy(), np.array([[0, 0, 1], [1, 1, 1]], dtype="float32"), edge)
    case("focal", K.BinaryFocalCrossentropy(), binary(4, 3), probabilities(4, 3))
    case(
        "focal balanced logits",
        K.BinaryFocalCrossentropy(apply_class_balancing=True, from_logits=True, label_smoothing=0.1, alpha=0.3, gamma=1.5),
        binary(4, 3),
        normal(4, 3),
    )
    case("categorical", K.CategoricalCrossentropy(), one_hot(4, 5), softmax(normal(4, 5)))
    case("categorical logits", K.CategoricalCrossentropy(from_logits=True), one_hot(4, 5), normal(4, 5) * 3)
    case("categorical smoothing", K.CategoricalCrossentropy(label_smoothing=0.2), one_hot(4, 5), softmax(normal(4, 5)))
    case("categorical unnormalised", K.CategoricalCrossentropy(), one_hot(4, 5), probabilities(4, 5))
    case("categorical axis", K.CategoricalCrossentropy(axis=1), one_hot(3, 2, 4), probabilities(3, 2, 4))
    case("categorical focal", K.CategoricalFocalCrossentropy(), one_hot(4, 5), softmax(normal(4, 5)))
    case("categorical focal logits", K.CategoricalFocalCrossentropy(from_logits=True, alpha=0.5, gamma=3.0), one_hot(4, 5), normal(4, 5))
    labels = rng.integers(0, 5, (6,)).astype("int32")
    case("sparse", K.SparseCategoricalCrossentropy(), labels, softmax(normal(6, 5)))
    case("sparse logits weighted", K.SparseCategoricalCrossentropy(from_logits=True), labels, normal(6, 5), probabilities(6))
    case("sparse column", K.SparseCategoricalCrossentropy(), labels[:, None], softmax(normal(6, 5)))
    case("sparse float labels", K.SparseCategoricalCrossentropy(), labels.astype("float32"), softmax(normal(6, 5)))
    grid = rng.integers(0, 4, (2, 3, 3)).astype("int32")
    case("sparse ignore class", K.SparseCategoricalCrossentropy(ignore_class=2), grid, softmax(normal(2, 3, 3, 4)))
    negative = grid.copy()
    negative[negative == 0] = -1
    case(
        "sparse ignore -1 logits",
        K.SparseCategoricalCrossentropy(ignore_class=-1, from_logits=True),
        negative,
        normal(2, 3, 3, 4),
    )
    case("sparse sequence", K.SparseCategoricalCrossentropy(), grid[:, 0], softmax(normal(2, 3, 4)), probabilities(2, 3))


for group in [regression, hinges, crossentropies]:
    group()
write("losses", CASES)
