"""The twin of hashed-numbers.mjs: the same numbers in every contestant, and fingerprints of results."""

import numpy as np

MOST_PLACES = 2**18


def hashed(shape, seed):
    """Numbers in [-0.5, 0.5) that look random: a hash of the index."""
    multiplier = np.uint32(0x45D9F3B)
    with np.errstate(over="ignore"):
        h = np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint32) * np.uint32(0x9E3779B1)
        h ^= np.uint32(((seed + 1) * 0x85EBCA6B) & 0xFFFFFFFF)
        h = (h ^ (h >> 16)) * multiplier
        h = (h ^ (h >> 16)) * multiplier
    return ((h ^ (h >> 16)) >> 8).astype(np.float32).reshape(shape) / np.float32(2**24) - np.float32(0.5)


def fingerprint(values):
    values = np.asarray(values).reshape(-1)
    values = values[:: -(-values.size // MOST_PLACES)].astype("float64")
    terms = values * hashed(values.shape, 999)
    return {"sum": float(terms.sum()), "norm": float(np.sqrt((terms * terms).sum()))}
