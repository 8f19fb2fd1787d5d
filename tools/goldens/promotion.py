"""Goldens of dtype promotion: Keras' result type of every pair, and of some triples, with 64-bit dtypes honoured.

Run: KERAS_BACKEND=jax python tools/goldens/promotion.py
"""

import itertools
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras.src.backend.common import dtypes

PATH = os.path.join(os.path.dirname(__file__), "..", "..", "packages", "core", "goldens", "promotion.json")
NAMES = ["bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "bfloat16", "float16",
         "float32", "float64", "complex64", "complex128", "int", "float"]
WEAK = {"int": int, "float": float}


def result(*names):
    # Keras narrows 64-bit dtypes on JAX; Ceratops does not.
    dtypes.BIT64_TO_BIT32_DTYPE.clear()
    return keras.backend.result_type(*(WEAK.get(name, name) for name in names))


def main():
    pairs = {a: [result(a, b) for b in NAMES] for a in NAMES}
    triples = [[*t, result(*t)] for t in list(itertools.permutations(NAMES, 3))[::37]]
    with open(PATH, "w") as file:
        rows = ",\n".join(f"{json.dumps(a)}:{json.dumps(row)}" for a, row in pairs.items())
        lists = ",\n".join(json.dumps(t) for t in triples)
        file.write(f'{{"keras":"{keras.version()}","names":{json.dumps(NAMES)},\n"pairs":{{\n{rows}}},\n"triples":[\n{lists}]}}\n')
    print(len(NAMES) ** 2, "pairs,", len(triples), "triples")


main()
