"""Shared by the golden scripts: how arrays and cases are written.

A golden file is gzipped JSON. An array is {"dtype", "shape", "data"}, data being the base64 of its little-endian
bytes. The gzip header carries no time, so an unchanged golden is an unchanged file.
"""

import base64
import gzip
import json
import os
import re

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np

GOLDENS = os.path.join(os.path.dirname(__file__), "..", "..", "..", "packages", "api", "goldens")


def encode(array):
    array = np.asarray(array)
    if array.dtype == np.float64:
        array = array.astype(np.float32)
    if array.dtype == np.int64:
        array = array.astype(np.int32)
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return {"dtype": str(array.dtype), "shape": list(array.shape), "data": data}


def encode_all(arrays):
    return [encode(a) for a in arrays]


def camel(name):
    """snake_case to camelCase, as the TypeScript API spells options."""
    return re.sub(r"_([a-z0-9])", lambda m: m.group(1).upper(), name)


def write(group, cases):
    import keras

    document = {"keras": keras.version(), "backend": keras.backend.backend(), "cases": cases}
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
    path = os.path.normpath(os.path.join(GOLDENS, f"{group}.json.gz"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(gzip.compress(json.dumps(document, separators=(",", ":"), default=lambda o: np.asarray(o).tolist()).encode(), mtime=0))
    print(f"{group}: {len(cases)} cases, {os.path.getsize(path)} bytes")
