#!/usr/bin/env python3
"""Lower JAX functions to StableHLO text, with inputs and what JAX computes, one JSON line each.

usage: lower.py > cases.jsonl
A line: {"name", "text", "inputs": [{"dtype", "shape", "data": base64}], "outputs": […]}
Needs: pip install jax numpy
"""

import base64
import json
import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np


def encode(value):
    array = np.ascontiguousarray(np.asarray(value))
    data = base64.b64encode(array.tobytes()).decode()
    return {"dtype": str(array.dtype), "shape": array.shape, "data": data}


def network_loss(kernel, image):
    maps = jax.lax.conv_general_dilated(
        image, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    pooled = jax.lax.reduce_window(
        jax.nn.relu(maps), -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID"
    )
    return jnp.sum(jax.nn.log_softmax(pooled.reshape(2, -1)) ** 2)


def cases():
    random = np.random.RandomState(0)
    x = random.randn(4, 8).astype("float32")
    w = random.randn(8, 5).astype("float32")
    image = random.randn(2, 12, 12, 3).astype("float32")
    kernel = random.randn(3, 3, 3, 4).astype("float32")
    index = np.array([3, 0, 2, 2], np.int32)
    yield "dense gradient", jax.grad(lambda w: jnp.sum(jax.nn.softmax(jnp.tanh(x @ w)) ** 2)), (w,)
    yield "convolution gradient", jax.grad(network_loss, argnums=(0, 1)), (kernel, image)
    yield "scan", lambda x: jax.lax.scan(lambda c, a: (c * 0.5 + a, c.sum()), jnp.zeros(8), x), (x,)
    yield (
        "switch",
        lambda i, x: jax.lax.switch(i, [lambda x: x + 1, lambda x: x * 2, jnp.sin], x),
        (np.int32(1), x),
    )
    yield (
        "while",
        lambda x: jax.lax.while_loop(lambda c: c[0] < 5, lambda c: (c[0] + 1, c[1] * x), (0, x)),
        (x,),
    )
    yield (
        "random",
        lambda key: jax.random.uniform(jax.random.wrap_key_data(key), (10,)),
        (np.array([1, 2], np.uint32),),
    )
    yield "sort", lambda x: (jnp.sort(x, axis=1), jnp.argsort(x, axis=0), jax.lax.top_k(x, 3)), (x,)
    yield (
        "indexing",
        lambda x, i: (x[i], x.at[i].add(1.5), jnp.take_along_axis(x, i[:, None], axis=1)),
        (x, index),
    )
    yield "fft", lambda x: (jnp.fft.rfft(x).real, jnp.fft.irfft(jnp.fft.rfft(x))), (x,)
    yield (
        "elementwise",
        lambda x: (
            jnp.cumsum(x, 0),
            jnp.round(x),
            jnp.clip(x, -1, 1),
            jax.nn.gelu(x),
            jax.nn.sigmoid(x),
            jnp.arctan2(x, x + 1),
            jnp.argmax(x, 1),
            jnp.var(x, 0),
        ),
        (x,),
    )
    yield "einsum", lambda x, w: jnp.einsum("ij,jk->ki", x, w), (x, w)


def main():
    for name, function, inputs in cases():
        compiled = jax.jit(function)
        text = compiled.lower(*inputs).as_text(debug_info=True)
        outputs = [encode(value) for value in jax.tree.leaves(compiled(*inputs))]
        case = {"name": name, "text": text, "inputs": [encode(value) for value in inputs]}
        print(json.dumps({**case, "outputs": outputs}))


if __name__ == "__main__":
    main()
