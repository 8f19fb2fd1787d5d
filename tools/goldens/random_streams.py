"""Goldens of the random streams: CPython's `random`, NumPy's legacy `np.random` and `jax.random`.

Run: python tools/goldens/random_streams.py
Elements are written as the hexadecimal digits of their big-endian bytes, so that equality means equal bits.
"""

import json
import os
import random
import sys

import jax
import ml_dtypes
import numpy as np

PATH = os.path.join(os.path.dirname(__file__), "..", "..", "packages", "core", "goldens", "random.json")


def bits(array):
    array = np.asarray(array)
    unsigned = array.view(f"uint{array.dtype.itemsize * 8}") if array.dtype != bool else array.astype("uint8")
    return "".join(f"{int(v):0{unsigned.dtype.itemsize * 2}x}" for v in unsigned.ravel())


def python_case(seed):
    r = random.Random(seed)
    shuffled = list(range(20))
    case = {
        "seed": str(seed),
        "random": bits(np.array([r.random() for _ in range(5)])),
        "randomBits": [[k, str(r.getrandbits(k))] for k in (1, 7, 31, 32, 33, 64, 100)],
        "randomInteger": [[a, b, r.randint(a, b)] for a, b in ((1, 10**9), (-5, 5), (0, 2**40), (3, 3), (0, 2**32))],
        "uniform": bits(np.array([r.uniform(-2.5, 7.0) for _ in range(3)])),
        "choice": [r.choice("abcdefg") for _ in range(8)],
    }
    r.shuffle(shuffled)
    case["shuffle"] = shuffled
    case["sample"] = [[n, k, r.sample(range(n), k)] for n, k in ((10, 3), (1000, 4), (1000, 12), (300, 90))]
    return case


def numpy_case(seed):
    r = np.random.RandomState(seed)
    case = {
        "seed": seed,
        "randomSample": bits(r.random_sample(5)),
        "uniform": bits(r.uniform(-2.5, 7.0, 3)),
        "randomInteger": [
            [a, b, int(r.randint(a, b, dtype="int64"))] for a, b in ((0, 10), (-7, 90), (0, 2**31), (0, 2**32), (1, 2**40), (4, 5))
        ],
        "standardNormal": bits(r.standard_normal(7)),
        "permutation": [[n, r.permutation(n).tolist()] for n in (1, 2, 17, 100)],
    }
    shuffled = np.arange(12)
    r.shuffle(shuffled)
    case["shuffle"] = shuffled.tolist()
    return case


def jax_key(words):
    return jax.numpy.array(words, dtype="uint32")


KEYS = ([0, 0], [42, 0], [0, 1234], [0xDEADBEEF, 0xFFFFFFFF])


def jax_cases():
    rows = []

    def row(fn, words, arguments, value):
        value = np.asarray(value)
        rows.append({"fn": fn, "key": words, "arguments": arguments, "dtype": str(value.dtype),
                     "shape": list(value.shape), "bits": bits(value)})

    for seed in (0, 1, 42, 2**31 - 1, -1):
        row("key", None, {"seed": seed}, jax.random.PRNGKey(seed))
    for words in KEYS:
        key = jax_key(words)
        row("split", words, {"count": 2}, jax.random.split(key))
        row("split", words, {"count": 5}, jax.random.split(key, 5))
        row("foldIn", words, {"data": 7}, jax.random.fold_in(key, 7))
        row("foldIn", words, {"data": 0xFFFFFFF0}, jax.random.fold_in(key, np.uint32(0xFFFFFFF0)))
        for width in (8, 16, 32):
            row("randomBits", words, {"shape": [3, 5], "bits": width}, jax.random.bits(key, (3, 5), f"uint{width}"))
        row("randomBits", words, {"shape": [], "bits": 32}, jax.random.bits(key, (), "uint32"))
        for dtype in ("float32", "float16", "bfloat16"):
            row("uniform", words, {"shape": [11], "dtype": dtype}, jax.random.uniform(key, (11,), dtype))
            row("uniform", words, {"shape": [4, 3], "dtype": dtype, "min": -2, "max": 6},
                jax.random.uniform(key, (4, 3), dtype, -2, 6))
            row("bernoulli", words, {"shape": [40], "p": 0.3, "dtype": dtype},
                jax.random.bernoulli(key, np.asarray(0.3, dtype), (40,)))
            row("normal", words, {"shape": [40], "dtype": dtype}, jax.random.normal(key, (40,), dtype))
        row("uniform", words, {"shape": [13], "dtype": "float32", "min": -0.05, "max": 0.05},
            jax.random.uniform(key, (13,), "float32", -0.05, 0.05))
        row("truncatedNormal", words, {"shape": [40], "lower": -2, "upper": 2, "dtype": "float32"},
            jax.random.truncated_normal(key, -2.0, 2.0, (40,), "float32"))
        for low, high, dtype in ((0, 10, "int32"), (-100, 1000, "int32"), (0, 256, "uint8"), (-3, 4, "int8"),
                                 (0, 2**31 - 1, "int32"), (5, 2, "int32"), (0, 65536, "uint16")):
            row("randint", words, {"shape": [9], "min": low, "max": high, "dtype": dtype},
                jax.random.randint(key, (9,), low, high, dtype))
        logits = np.array([[0.0, 1.0, -1.0, 0.5], [2.0, 0.0, 0.0, -3.0]], "float32")
        row("categorical", words, {"logits": logits.tolist(), "shape": [2]}, jax.random.categorical(key, logits))
        row("categorical", words, {"logits": logits.tolist(), "shape": [6, 2]},
            jax.random.categorical(key, logits, shape=(6, 2)))
        for size in (1, 2, 10, 50):
            row("permutation", words, {"size": size}, jax.random.permutation(key, size))
        grid = np.arange(24, dtype="float32").reshape(6, 4)
        for axis in (0, 1):
            row("shuffle", words, {"rows": 6, "columns": 4, "axis": axis},
                jax.random.permutation(key, grid, axis, independent=True))
            row("permutation", words, {"rows": 6, "columns": 4, "axis": axis}, jax.random.permutation(key, grid, axis))
    with jax.enable_x64(True):
        for words in KEYS:
            key = jax_key(words)
            row("randomBits", words, {"shape": [3, 5], "bits": 64}, jax.random.bits(key, (3, 5), "uint64"))
            row("uniform", words, {"shape": [11], "dtype": "float64"}, jax.random.uniform(key, (11,), "float64"))
            row("uniform", words, {"shape": [4, 3], "dtype": "float64", "min": -2, "max": 6},
                jax.random.uniform(key, (4, 3), "float64", -2, 6))
            row("normal", words, {"shape": [40], "dtype": "float64"}, jax.random.normal(key, (40,), "float64"))
            row("truncatedNormal", words, {"shape": [40], "lower": -2, "upper": 2, "dtype": "float64"},
                jax.random.truncated_normal(key, -2.0, 2.0, (40,), "float64"))
            row("randint", words, {"shape": [9], "min": -5, "max": 2**40, "dtype": "int64"},
                jax.random.randint(key, (9,), -5, 2**40, "int64"))
    return rows


def main():
    assert jax.config.jax_threefry_partitionable
    document = {
        "versions": {"jax": jax.__version__, "numpy": np.__version__, "python": sys.version.split()[0]},
        "python": [python_case(s) for s in (0, 1, 42, -7, 1337, 2**32 + 5, 2**70 + 3)],
        "numpy": [numpy_case(s) for s in (0, 42, 1337, 2**32 - 1, [1, 2, 3])],
        "jax": jax_cases(),
    }
    os.makedirs(os.path.dirname(PATH), exist_ok=True)
    with open(PATH, "w") as file:
        sections = []
        for name, value in document.items():
            if isinstance(value, list):
                body = ",\n".join(json.dumps(v, separators=(",", ":")) for v in value)
                sections.append(f"{json.dumps(name)}:[\n{body}\n]")
            else:
                sections.append(f"{json.dumps(name)}:{json.dumps(value)}")
        file.write("{" + ",\n".join(sections) + "}\n")
    print(os.path.getsize(PATH), "bytes", len(document["jax"]), "jax rows")


main()
