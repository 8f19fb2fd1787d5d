"""Writes goldens.ts beside it: what JAX and SciPy give for the composites. Needs jax 0.10 and scipy."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import numpy as np
from jax.extend.random import threefry_2x32
from scipy import special

x = np.concatenate(
    [
        [0.0, 1e-20, 1e-4, 0.5, 0.9999999, 1.0, 1.0000001, 2.2, 3.9, 4.1, 6.5, 30.0],
        np.random.default_rng(7).normal(0, 1.5, 48),
    ]
).astype(np.float32)
y = np.concatenate(
    [
        [0.0, 1e-8, 0.3, -0.7, 0.99, -0.9999, 0.99999994, -0.99999994, 1.0, -1.0],
        np.random.default_rng(8).uniform(-1, 1, 40),
    ]
).astype(np.float32)
key = np.array([0x13198A2E, 0x03707344], np.uint32)
counts = np.array([0, 1, 2, 7, 0xFFFFFFFF, 0x243F6A88, 0x85A308D3, 12], np.uint32)
bits = threefry_2x32(key, counts)
erf_inv = np.asarray(jax.lax.erf_inv(y), np.float64)


def text(values):
    return "[" + ", ".join("Infinity" if v == np.inf else "-Infinity" if v == -np.inf else repr(v) for v in values) + "]"


rows = {
    "erfInputs": x.astype(np.float64).tolist(),
    "erfOutputs": special.erf(x.astype(np.float64)).tolist(),
    "erfInvInputs": y.astype(np.float64).tolist(),
    "erfInvOutputs": erf_inv.tolist(),
    "threefryKey": key.tolist(),
    "threefryCounts": counts.tolist(),
    "threefryBits": np.asarray(bits).tolist(),
}
with open(os.path.join(os.path.dirname(__file__), "goldens.ts"), "w") as out:
    out.write("// Written by make-goldens.py: erf from SciPy in float64, the rest from JAX.\n")
    for name, values in rows.items():
        out.write(f"export const {name}: readonly number[] = {text(values)};\n")
