"""A contestant: the products and convolutions of shapes.mjs in JAX or TensorFlow, on all cores.

usage: peer_kernels.py jax|tensorflow SHAPES_AS_JSON
"""

import json
import os
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

backend, shapes = sys.argv[1], json.loads(sys.argv[2])


def jax_ops():
    import jax

    def convolve(x, w):
        return jax.lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))

    return {
        "array": jax.numpy.asarray,
        "wait": jax.block_until_ready,
        "product": jax.jit(jax.numpy.matmul),
        "forward": jax.jit(lambda x, w, d: convolve(x, w)),
        "input gradient": jax.jit(lambda x, w, d: jax.vjp(lambda v: convolve(v, w), x)[1](d)),
        "kernel gradient": jax.jit(lambda x, w, d: jax.vjp(lambda v: convolve(x, v), w)[1](d)),
    }


def tensorflow_ops():
    import tensorflow as tf

    strides = [1, 1, 1, 1]
    return {
        "array": tf.constant,
        "wait": lambda result: result.numpy(),
        "product": tf.function(tf.matmul),
        "forward": tf.function(lambda x, w, d: tf.nn.conv2d(x, w, strides, "VALID")),
        "input gradient": tf.function(
            lambda x, w, d: tf.raw_ops.Conv2DBackpropInput(
                input_sizes=tf.shape(x), filter=w, out_backprop=d, strides=strides, padding="VALID"
            )
        ),
        "kernel gradient": tf.function(
            lambda x, w, d: tf.raw_ops.Conv2DBackpropFilter(
                input=x, filter_sizes=tf.shape(w), out_backprop=d, strides=strides, padding="VALID"
            )
        ),
    }


ops = {"jax": jax_ops, "tensorflow": tensorflow_ops}[backend]()


def random(*shape):
    return ops["array"](np.random.rand(*shape).astype("float32") - 0.5)


def cases():
    for shape in shapes["products"]:
        m, n, k = shape["m"], shape["n"], shape["k"]
        yield shape["name"], shape["operations"], ops["product"], (random(m, k), random(k, n))
    for shape in shapes["convolutions"]:
        side = shape["size"] - shape["kernel"] + 1
        arrays = (
            random(shape["batch"], shape["size"], shape["size"], shape["inputs"]),
            random(shape["kernel"], shape["kernel"], shape["inputs"], shape["outputs"]),
            random(shape["batch"], side, side, shape["outputs"]),
        )
        for what in ("forward", "input gradient", "kernel gradient"):
            yield f"{shape['name']} {what}", shape["operations"], ops[what], arrays


def time_of(run, seconds):
    run()
    samples, end = [], time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


prepared = list(cases())
print(json.dumps({}), flush=True)
while sys.stdin.readline():
    rates = {}
    for name, operations, function, arrays in prepared:
        rates[name] = operations / time_of(lambda: ops["wait"](function(*arrays)), 0.05) / 1e9
    print(json.dumps(rates), flush=True)
