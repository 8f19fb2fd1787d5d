"""A contestant: the cases of cases.mjs in JAX or TensorFlow, compiled, on all cores.

usage: peer_kernels.py jax|tensorflow CASES_AS_JSON
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from hashed_numbers import fingerprint, hashed
from timing import time_of

library, cases = sys.argv[1], json.loads(sys.argv[2])


def jax_functions():
    import jax
    from jax import numpy as jnp

    def convolve(case):
        stride, pad = case["stride"], (case["pad"], case["pad"])
        return lambda x, w: jax.lax.conv_general_dilated(
            x,
            w,
            (stride, stride),
            (pad, pad),
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=case["groups"],
        )

    def product(case):
        a, b = case["transposed"]
        return lambda x, y: jnp.matmul(x.T if a else x, y.T if b else y)

    def layer_norm(x, gamma, beta):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) * jax.lax.rsqrt(variance + 1e-3) * gamma + beta

    functions = {
        "product": product,
        "convolution": convolve,
        "inputGradient": lambda case: lambda x, w, d: jax.vjp(lambda v: convolve(case)(v, w), x)[1](d)[0],
        "kernelGradient": lambda case: lambda x, w, d: jax.vjp(lambda v: convolve(case)(x, v), w)[1](d)[0],
        "scaleShift": lambda case: lambda x, a, b: x * a + b,
        "geluChain": lambda case: lambda x, a, b: jax.nn.gelu(x * a + b, approximate=True),
        "softmax": lambda case: jax.nn.softmax,
        "layerNorm": lambda case: layer_norm,
        "sum": lambda case: jnp.sum,
    }
    return functions, jax.jit, jnp.asarray, jax.block_until_ready


def tensorflow_functions():
    import tensorflow as tf

    def explicit(pad):
        return [[0, 0], [pad, pad], [pad, pad], [0, 0]] if pad else "VALID"

    def convolve(case):
        stride, pad = case["stride"], explicit(case["pad"])
        if case["groups"] == 1:
            return lambda x, w: tf.nn.conv2d(x, w, stride, pad)
        swap = lambda w: tf.transpose(w, [0, 1, 3, 2])
        return lambda x, w: tf.nn.depthwise_conv2d(x, swap(w), [1, stride, stride, 1], pad)

    def layer_norm(x, gamma, beta):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return (x - mean) * tf.math.rsqrt(variance + 1e-3) * gamma + beta

    raw = {"strides": [1, 1, 1, 1], "padding": "VALID"}
    functions = {
        "product": lambda case: lambda x, y: tf.matmul(x, y, *case["transposed"]),
        "convolution": convolve,
        "inputGradient": lambda case: lambda x, w, d: tf.raw_ops.Conv2DBackpropInput(
            input_sizes=tf.shape(x), filter=w, out_backprop=d, **raw
        ),
        "kernelGradient": lambda case: lambda x, w, d: tf.raw_ops.Conv2DBackpropFilter(
            input=x, filter_sizes=tf.shape(w), out_backprop=d, **raw
        ),
        "scaleShift": lambda case: lambda x, a, b: x * a + b,
        "geluChain": lambda case: lambda x, a, b: tf.nn.gelu(x * a + b, approximate=True),
        "softmax": lambda case: lambda x: tf.nn.softmax(x),
        "layerNorm": lambda case: layer_norm,
        "sum": lambda case: lambda x: tf.reduce_sum(x),
    }
    compiled = {"geluChain", "scaleShift", "layerNorm"}

    def compile(function, op):
        return tf.function(function, jit_compile=op in compiled)

    return functions, compile, tf.constant, lambda result: result


functions, compiler, array, wait = {"jax": jax_functions, "tensorflow": tensorflow_functions}[library]()


def prepare(case):
    function = functions[case["op"]](case)
    compiled = compiler(function, case["op"]) if library == "tensorflow" else compiler(function)
    arrays = [array(hashed(shape, seed)) for seed, shape in enumerate(case["inputs"])]
    return lambda: wait(compiled(*arrays))


prepared, prints, cannot = [], {}, {}
for case in cases:
    try:
        run = prepare(case)
        prints[case["name"]] = fingerprint(np.asarray(run()))
        prepared.append((case, run))
    except Exception as error:  # What a library lacks is said in the table.
        cannot[case["name"]] = str(error).split("\n")[0][:60]
print(json.dumps({"prints": prints, "cannot": cannot}), flush=True)
while sys.stdin.readline():
    rates = {}
    for case, run in prepared:
        work = case.get("operations") or case["bytes"]
        rates[case["name"]] = work / time_of(run, 0.05) / 1e9
    print(json.dumps(rates), flush=True)
