"""Goldens of initializers, regularizers, constraints and keras.random: values and configs.

Run: KERAS_BACKEND=jax python tools/goldens/api/initializers.py
"""

from golden_file import encode, write

import jax
import keras
import numpy as np
from keras import constraints as C
from keras import initializers as I
from keras import random as R
from keras import regularizers as G

rng = np.random.default_rng(50)


def initializers():
    cases = []

    def case(name, initializer, *shapes, unwritten=None):
        values = [encode(initializer(shape)) for shape in shapes]
        cases.append(
            {
                "name": name,
                "className": type(initializer).__name__,
                "config": initializer.get_config(),
                "unwritten": unwritten or {},
                "shapes": [list(s) for s in shapes],
                "values": values,
            }
        )

    case("zeros", I.Zeros(), (2, 3))
    case("ones", I.Ones(), (2, 3))
    case("constant", I.Constant(0.25), (2, 3))
    case("identity", I.Identity(2.0), (3, 4), unwritten={"gain": 2})
    case("identity default", I.Identity(), (3, 3))
    case("random normal", I.RandomNormal(seed=7), (5, 3))
    case("random normal mean", I.RandomNormal(mean=1.0, stddev=0.5, seed=123456789), (4,))
    case("random uniform", I.RandomUniform(seed=7), (5, 3))
    case("random uniform limits", I.RandomUniform(-2.0, 3.0, seed=8), (7,))
    case("truncated normal", I.TruncatedNormal(seed=7), (5, 3))
    for mode in ["fan_in", "fan_out", "fan_avg"]:
        for distribution in ["truncated_normal", "untruncated_normal", "uniform"]:
            case(f"variance scaling {mode} {distribution}", I.VarianceScaling(2.0, mode, distribution, seed=3), (4, 5))
    shapes = [(4, 5), (3, 3, 2, 4), (6,), ()]
    for make in [I.GlorotUniform, I.GlorotNormal, I.HeUniform, I.HeNormal, I.LecunUniform, I.LecunNormal]:
        case(make.__name__, make(seed=11), *shapes)
    case("generator draws differ", I.GlorotUniform(seed=R.SeedGenerator(5)), (3, 2), (3, 2))
    case("orthogonal", I.Orthogonal(seed=7), (5, 3), (3, 5), (4, 4), (2, 3, 4), (40, 30))
    case("orthogonal gain", I.Orthogonal(gain=2.0, seed=8), (3, 3))
    write("initializers", cases)


def regularizers():
    cases = []

    def case(name, regularizer, shape):
        x = rng.standard_normal(shape).astype("float32")
        value, vjp = jax.vjp(lambda v: jax.numpy.asarray(regularizer(v)), jax.numpy.asarray(x))
        cases.append(
            {
                "name": name,
                "className": type(regularizer).__name__,
                "config": regularizer.get_config(),
                "input": encode(x),
                "output": encode(value),
                "gradient": encode(vjp(jax.numpy.ones_like(value))[0]),
            }
        )

    case("l1", G.L1(0.1), (3, 4))
    case("l2", G.L2(0.2), (3, 4))
    case("l1l2", G.L1L2(0.1, 0.2), (3, 4))
    case("orthogonal rows", G.OrthogonalRegularizer(0.1), (3, 4))
    case("orthogonal columns", G.OrthogonalRegularizer(0.1, mode="columns"), (3, 4))
    write("regularizers", cases)


def constraints():
    cases = []

    def case(name, constraint, shape):
        x = rng.standard_normal(shape).astype("float32") * 2
        cases.append(
            {
                "name": name,
                "className": type(constraint).__name__,
                "config": constraint.get_config(),
                "input": encode(x),
                "output": encode(constraint(keras.ops.convert_to_tensor(x))),
            }
        )

    case("max norm", C.MaxNorm(1.5), (3, 4))
    case("max norm axes", C.MaxNorm(1.5, axis=[0, 1, 2]), (2, 2, 3, 4))
    case("non neg", C.NonNeg(), (3, 4))
    case("unit norm", C.UnitNorm(axis=1), (3, 4))
    case("min max norm", C.MinMaxNorm(0.5, 1.5, rate=0.7), (3, 4))
    write("constraints", cases)


def random():
    cases = []

    def case(name, function, arguments, options, value):
        cases.append({"name": name, "function": function, "arguments": arguments, "options": options, "output": encode(value)})

    case("normal", "normal", [[3, 4]], {"seed": 1}, R.normal((3, 4), seed=1))
    case("normal scaled", "normal", [[5]], {"mean": 2, "stddev": 0.5, "seed": 2}, R.normal((5,), mean=2, stddev=0.5, seed=2))
    case("uniform", "uniform", [[3, 4], -1, 2], {"seed": 3}, R.uniform((3, 4), -1, 2, seed=3))
    case("truncated normal", "truncatedNormal", [[3, 4]], {"seed": 4}, R.truncated_normal((3, 4), seed=4))
    case("randint", "randint", [[3, 4], 0, 10], {"seed": 5}, R.randint((3, 4), 0, 10, seed=5))
    x = rng.standard_normal((4, 3)).astype("float32")
    case("dropout", "dropout", [encode(x), 0.3], {"seed": 6}, R.dropout(x, 0.3, seed=6))
    case("shuffle", "shuffle", [encode(x)], {"seed": 7}, R.shuffle(x, seed=7))
    case("categorical", "categorical", [encode(x), 6], {"seed": 8}, R.categorical(x, 6, seed=8))
    write("random", cases)


initializers()
regularizers()
constraints()
random()
