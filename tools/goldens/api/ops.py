"""Goldens of keras.ops: outputs, and gradients with respect to the float tensors among the arguments.

A case lists its positional arguments (arrays are tensors, the rest are plain values) and the options that TypeScript
takes last; and the config of the model that is this one call. Run: KERAS_BACKEND=jax python tools/goldens/api/ops.py
"""

import json

from golden_file import camel, encode, encode_all, write

import jax
import keras
import numpy as np
from keras import ops as K

CASES = []
rng = np.random.default_rng(60)


def normal(*shape):
    return rng.standard_normal(shape).astype("float32")


def positive(*shape):
    return rng.uniform(0.1, 2.0, shape).astype("float32")


def unit(*shape):
    return rng.uniform(-0.9, 0.9, shape).astype("float32")


def ints(low, high, *shape):
    return rng.integers(low, high, shape).astype("int32")


def bools(*shape):
    return rng.integers(0, 2, shape).astype(bool)


def plain(value):
    if isinstance(value, np.ndarray):
        return encode(value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def frozen(value):
    return tuple(frozen(v) for v in value) if isinstance(value, (list, tuple)) else value


def model_of(function, args, kwargs, as_list):
    """The config of a model that is this one call, or None where there are no tensors or symbols will not do."""
    keras.utils.clear_session()
    inputs = [keras.Input(batch_shape=a.shape, dtype=str(a.dtype)) if isinstance(a, np.ndarray) else a for a in args]
    symbols = [a for a in inputs if isinstance(a, keras.KerasTensor)]
    try:
        outputs = function(inputs, **kwargs) if as_list else function(*inputs, **kwargs)
        return json.loads(keras.Model(symbols, outputs).to_json())
    except Exception as error:  # noqa: BLE001: sizes may depend on values
        print(function.__name__, type(error).__name__, str(error)[:150])
        return None


def case(name, *args, grads=True, as_list=False, suffix="", **kwargs):
    """Calls keras.ops.<name>(*args, **kwargs); with `as_list`, the arrays go in as one list."""
    function = getattr(K, name)
    index = [i for i, a in enumerate(args) if isinstance(a, np.ndarray)]
    tensors = [args[i] for i in index]
    keywords = {k: frozen(v) for k, v in kwargs.items()}

    def call(*values):
        full = list(args)
        for i, value in zip(index, values):
            full[i] = value
        out = function(full, **kwargs) if as_list else function(*map(frozen, full), **keywords)
        return tuple(out) if isinstance(out, (list, tuple)) else (out,)

    outputs = call(*tensors)
    label = f"{camel(name)}{' ' + suffix if suffix else ''}"
    while any(c["name"] == label for c in CASES):
        label += "'"
    entry = {
        "name": label,
        "op": camel(name),
        "arguments": [plain(list(args))] if as_list else [plain(a) for a in args],
        "options": {camel(k): plain(v) for k, v in kwargs.items()},
        "outputs": [encode(o) for o in outputs],
    }
    floats = [i for i, t in enumerate(tensors) if t.dtype == np.float32]
    differentiable = all(np.asarray(o).dtype == np.float32 for o in outputs)
    if grads and floats and differentiable:
        def partial(*values):
            full = list(tensors)
            for i, value in zip(floats, values):
                full[i] = value
            return call(*full)

        _, vjp = jax.vjp(partial, *[tensors[i] for i in floats])
        cotangents = [normal(*np.shape(o)) if np.ndim(o) else np.float32(1.5) for o in outputs]
        gradients = vjp(tuple(jax.numpy.asarray(c) for c in cotangents))
        entry |= {"cotangents": encode_all(cotangents), "gradients": encode_all(gradients)}
    model = model_of(function, args, kwargs, as_list)
    if model is not None:
        entry["model"] = model
    CASES.append(entry)


def elementwise():
    for name in ["abs", "negative", "sign", "square", "exp", "expm1", "sin", "cos", "tanh", "sinh", "cosh", "floor", "ceil",
                 "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "hard_sigmoid", "hard_silu",
                 "softplus", "softsign", "log_sigmoid", "softmax", "log_softmax", "arctan", "arcsinh", "erf", "tan",
                 "hard_tanh", "celu", "tanh_shrink", "soft_shrink", "hard_shrink"]:
        case(name, normal(3, 4) * 2)
    case("gelu", normal(3, 4), approximate=False, suffix="exact")
    case("leaky_relu", normal(3, 4), negative_slope=0.3)
    case("elu", normal(3, 4), alpha=0.5)
    for name in ["sqrt", "rsqrt", "log", "log1p", "log2", "log10", "reciprocal", "arccosh"]:
        case(name, positive(3, 4) + (1 if name == "arccosh" else 0))
    for name in ["arcsin", "arccos", "arctanh"]:
        case(name, unit(3, 4))
    case("round", normal(3, 4) * 3)
    case("round", normal(3, 4) * 3, 1)
    case("clip", normal(3, 4), -0.5, 0.7)
    odd = np.array([[1, np.nan, np.inf], [-np.inf, 0, -2]], dtype="float32")
    for name in ["isnan", "isinf", "isfinite", "nan_to_num"]:
        case(name, odd, grads=False)
    case("stop_gradient", normal(2, 3))


def binary():
    for name in ["add", "subtract", "multiply", "divide", "maximum", "minimum"]:
        case(name, normal(3, 4), normal(3, 4))
        case(name, normal(3, 1, 4), normal(2, 1), suffix="broadcast")
    case("power", positive(3, 4), normal(3, 4))
    case("power", normal(3, 4), 2.0)
    case("power", normal(3, 4), 3)
    case("mod", normal(3, 4) * 3, positive(3, 4), grads=False)
    case("floor_divide", normal(3, 4) * 3, positive(3, 4), grads=False)
    case("arctan2", normal(3, 4), normal(3, 4))
    case("add", ints(0, 5, 3), normal(3), suffix="promotes")
    case("divide", ints(1, 9, 4), ints(1, 9, 4), suffix="integers")
    case("divide_no_nan", normal(4), np.array([0, 1, 2, 0], dtype="float32"))
    case("mod", ints(-9, 9, 8), np.array([3, 3, -3, -3, 2, 2, 5, 5], dtype="int32"))
    case("floor_divide", ints(-9, 9, 8), np.array([3, 3, -3, -3, 2, 2, 5, 5], dtype="int32"))
    for name in ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]:
        case(name, ints(0, 3, 3, 4), ints(0, 3, 4))
    for name in ["logical_and", "logical_or", "logical_xor"]:
        case(name, bools(3, 4), bools(4))
    case("logical_not", bools(3, 4))
    case("where", bools(3, 4), normal(3, 4), normal(4))
    case("where", bools(3, 1), normal(3, 4), 0.0)


def reductions():
    for name in ["sum", "mean", "max", "min", "prod", "var", "std", "logsumexp"]:
        case(name, normal(3, 4))
        case(name, normal(2, 3, 4), 1)
        case(name, normal(2, 3, 4), [0, -1], keepdims=True)
    for name in ["any", "all"]:
        case(name, bools(3, 4))
        case(name, bools(3, 4), 1, keepdims=True)
    for name in ["argmax", "argmin"]:
        case(name, normal(3, 4))
        case(name, normal(3, 4), 1)
        case(name, normal(3, 4), 0, keepdims=True)
    for name in ["cumsum", "cumprod"]:
        case(name, normal(3, 4))
        case(name, normal(3, 4), 1)
    case("count_nonzero", ints(0, 2, 3, 4))
    case("sum", ints(0, 5, 3, 4), 0, suffix="integers")
    case("mean", ints(0, 5, 3, 4), 0, suffix="integers")
    case("norm", normal(3, 4))
    case("norm", normal(3, 4), 1, axis=1)
    case("norm", normal(3, 4), "fro", axis=[0, 1])
    case("norm", normal(3, 4), axis=1, keepdims=True)
    case("moments", normal(3, 4), [0])
    case("moments", normal(2, 3, 4), [0, 1], keepdims=True)
    case("average", normal(3, 4), 1)
    case("average", normal(3, 4), 1, weights=positive(4), grads=False)
    case("segment_sum", normal(5, 2), np.array([0, 2, 0, 1, 2], dtype="int32"), num_segments=4)
    case("segment_max", normal(5, 2), np.array([0, 2, 0, 1, 2], dtype="int32"), num_segments=3)


def contractions():
    case("matmul", normal(3, 4), normal(4, 5))
    case("matmul", normal(4), normal(4, 5), suffix="vector")
    case("matmul", normal(3, 4), normal(4), suffix="by vector")
    case("matmul", normal(4), normal(4), suffix="inner")
    case("matmul", normal(2, 1, 3, 4), normal(5, 4, 2), suffix="batched broadcast")
    case("dot", normal(3, 4), normal(4, 2))
    case("dot", normal(2, 3, 4), normal(5, 4, 2), suffix="rank 3")
    case("dot", normal(3), normal(3), suffix="vectors")
    case("tensordot", normal(2, 3, 4), normal(3, 4, 5), 2)
    case("tensordot", normal(2, 3, 4), normal(4, 2, 5), [[0, 2], [1, 0]])
    case("outer", normal(3), normal(4))
    for spec, a, b in [
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)),
        ("ij,kj->ik", (2, 3), (4, 3)),
        ("abc,cd->dab", (2, 3, 4), (4, 5)),
        ("ij,ij->", (2, 3), (2, 3)),
        ("i,j->ij", (2,), (3,)),
        ("ij,jk", (2, 3), (3, 4)),
        ("...ij,jk->...ik", (2, 5, 3), (3, 4)),
        ("bhqd,bhkd->bhqk", (1, 2, 3, 4), (1, 2, 5, 4)),
        ("ijk,j->ik", (2, 3, 4), (3,)),
    ]:
        case("einsum", spec, normal(*a), normal(*b), suffix=spec)
    case("einsum", "ij->ji", normal(2, 3), suffix="transpose")
    case("einsum", "ijj->i", normal(2, 3, 3), suffix="trace")
    case("einsum", "ij->", normal(2, 3), suffix="sum")


def movement():
    case("transpose", normal(2, 3, 4))
    case("transpose", normal(2, 3, 4), [1, 0, 2])
    case("swapaxes", normal(2, 3, 4), 0, 2)
    case("moveaxis", normal(2, 3, 4), 0, -1)
    case("reshape", normal(2, 6), [3, -1])
    case("ravel", normal(2, 6))
    case("squeeze", normal(2, 1, 3, 1))
    case("squeeze", normal(2, 1, 3, 1), 1)
    case("expand_dims", normal(2, 3), 1)
    case("expand_dims", normal(2, 3), [0, -1])
    case("concatenate", normal(2, 3), normal(2, 1), as_list=True, axis=1)
    case("concatenate", normal(2, 3), normal(4, 3), as_list=True)
    case("stack", normal(2, 3), normal(2, 3), as_list=True, axis=1)
    case("stack", normal(2, 3), normal(2, 3), as_list=True, axis=-1)
    case("split", normal(6, 2), 3)
    case("split", normal(6, 2), [1, 4])
    case("split", normal(2, 6), 2, axis=1)
    case("unstack", normal(2, 3), axis=1)
    case("tile", normal(2, 3), [2, 1])
    case("tile", normal(3), [2, 2])
    case("repeat", normal(2, 3), 2, axis=1)
    case("repeat", normal(2, 3), 2)
    case("flip", normal(2, 3))
    case("flip", normal(2, 3), 1)
    case("roll", normal(3, 4), 1)
    case("roll", normal(3, 4), -1, axis=1)
    case("pad", normal(2, 3), [[1, 0], [2, 1]])
    case("pad", normal(2, 3), [[1, 1], [0, 2]], mode="constant", constant_values=3.0)
    case("pad", normal(3, 4), [[1, 1], [2, 2]], mode="reflect")
    case("pad", normal(3, 4), [[1, 1], [2, 2]], mode="symmetric")
    case("slice", normal(4, 5), [1, 2], [2, 3])
    case("slice_update", normal(4, 5), [1, 2], normal(2, 3))
    case("broadcast_to", normal(3, 1), [2, 3, 4])
    case("take", normal(4, 3), ints(0, 4, 2, 2), axis=0)
    case("take", normal(4, 3), ints(0, 3, 5), axis=1)
    case("take", normal(4, 3), ints(0, 12, 5))
    case("take", normal(4, 3), np.array([-1, 0, 7], dtype="int32"), axis=0, suffix="edges")
    case("take_along_axis", normal(3, 4), ints(0, 4, 3, 2), axis=1)
    case("diag", normal(3))
    case("diagonal", normal(3, 4))
    case("tril", normal(3, 4))
    case("triu", normal(3, 4), 1)
    case("trace", normal(3, 3))
    case("sort", normal(3, 5))
    case("sort", normal(3, 5), 0)
    case("argsort", normal(3, 5))
    case("top_k", normal(3, 5), 2, grads=False)
    case("in_top_k", ints(0, 5, 3), normal(3, 5), 2)
    case("scatter", np.array([[0], [2], [0]], dtype="int32"), normal(3, 2), [4, 2])
    case("one_hot", ints(0, 4, 3), 4)
    case("one_hot", np.array([-1, 1, 5], dtype="int32"), 4, suffix="out of range")
    case("one_hot", ints(0, 4, 2, 3), 4, axis=1)
    case("searchsorted", np.array([1, 3, 5], dtype="float32"), np.array([0, 1, 2, 6], dtype="float32"))


def creation():
    case("arange", 5)
    case("arange", 2, 10, 3)
    case("linspace", 0.0, 1.0, num=5)
    case("eye", 3)
    case("eye", 2, 3)
    case("zeros", [2, 3])
    case("ones", [2], dtype="int32")
    case("full", [2, 2], 1.5)
    case("zeros_like", normal(2, 3), grads=False)
    case("ones_like", normal(2, 3), grads=False)
    case("full_like", normal(2, 3), 2, grads=False)
    case("cast", normal(2, 3) * 3, "int32")
    case("cast", normal(2, 3), "bool")
    case("cast", ints(0, 3, 3), "float32")


def neural():
    x, k = normal(2, 7, 6, 4), normal(3, 2, 4, 6)
    case("conv", x, k)
    case("conv", x, k, 2, padding="same")
    case("conv", x, k, 1, padding="same", dilation_rate=2)
    case("conv", x, normal(3, 2, 2, 6), suffix="groups")
    case("conv", normal(2, 4, 7, 6), k, 1, padding="valid", data_format="channels_first", suffix="first")
    case("conv", normal(2, 8, 3), normal(3, 3, 2), suffix="1d")
    case("conv", normal(1, 4, 4, 4, 2), normal(2, 2, 2, 2, 3), suffix="3d")
    case("depthwise_conv", x, normal(3, 3, 4, 2))
    case("depthwise_conv", x, normal(3, 3, 4, 1), 2, padding="same")
    case("separable_conv", x, normal(3, 3, 4, 2), normal(1, 1, 8, 3))
    for padding in ["valid", "same"]:
        for strides in [1, 2, 3]:
            case("conv_transpose", normal(1, 4, 5, 2), normal(3, 2, 3, 2), strides, padding=padding)
    case("conv_transpose", normal(1, 5, 2), normal(3, 4, 2), 2, padding="same", output_padding=1)
    case("conv_transpose", normal(1, 5, 2), normal(3, 4, 2), 1, padding="valid", dilation_rate=2)
    case("max_pool", x, 2, 2)
    case("max_pool", x, [3, 2], [1, 1], padding="same")
    case("average_pool", x, 2, 2)
    case("average_pool", x, [3, 3], [2, 2], padding="same")
    case("binary_crossentropy", bools(3, 4).astype("float32"), positive(3, 4) / 2.1, grads=False)
    case("categorical_crossentropy", np.eye(4, dtype="float32")[[0, 2, 3]], positive(3, 4))
    case("categorical_crossentropy", np.eye(4, dtype="float32")[[0, 2, 3]], normal(3, 4), from_logits=True)
    case("sparse_categorical_crossentropy", ints(0, 4, 3), positive(3, 4))
    case("sparse_categorical_crossentropy", ints(0, 4, 3), normal(3, 4), from_logits=True)
    case("normalize", normal(3, 4), -1)
    case("normalize", normal(3, 4), axis=0, order=1)
    case("layer_normalization", normal(3, 4), epsilon=1e-3)


def kinks():
    """Where pieces of functions meet, and beyond the numbers: the gradients there are conventions of JAX."""
    zero = np.array([0, -0.0, np.nan], dtype="float32")
    pieces = np.array([0, -0.0, 0.5, -0.5, 1, -1, 3, -3, 6, -6, np.inf, -np.inf, np.nan], dtype="float32")
    for name in ["relu", "relu6", "leaky_relu", "elu", "selu", "celu", "silu", "sigmoid", "hard_sigmoid", "hard_silu", "hard_tanh",
                 "softplus", "softsign", "log_sigmoid", "gelu", "tanh_shrink", "soft_shrink", "hard_shrink", "abs", "sign"]:
        case(name, pieces, suffix="where pieces meet")
    for name in ["sqrt", "square", "reciprocal", "log", "log1p", "rsqrt", "tanh", "exp", "expm1", "arctan"]:
        case(name, zero, suffix="at zero")
    case("clip", np.array([-1, 2, 0, np.nan], dtype="float32"), -1, 2, suffix="at its bounds")
    left, right = np.array([[1, 0, -0.0, np.nan, 2], [1, -0.0, 0, 2, np.nan]], dtype="float32")
    for name in ["maximum", "minimum", "logaddexp", "arctan2", "divide_no_nan"]:
        case(name, left, right, suffix="of equals")
    endless = np.array([np.inf, -np.inf], dtype="float32")
    case("logaddexp", endless, endless, grads=False, suffix="of infinities")
    case("power", np.array([0, 0, 0, -2, 1], dtype="float32"), np.array([0, 1, 2, 2, np.nan], dtype="float32"), suffix="of zero")
    case("max", np.array([[1, 1, 0], [2, 0, 2]], dtype="float32"), 1, suffix="of equals")
    case("prod", np.array([[0, 3, 0], [2, 0, 2]], dtype="float32"), 1, suffix="of zeros")
    case("logsumexp", np.array([[np.inf, 1], [-np.inf, -np.inf]], dtype="float32"), 1, suffix="of infinities")
    case("softmax", np.array([[-np.inf, 1, 1], [0, 0, 0]], dtype="float32"), suffix="of infinities")


def nodes():
    """Calls with options that files hold in different places: config, arguments, keyword arguments."""
    case("batch_normalization", normal(3, 4), normal(4), positive(4), axis=-1)
    case("pad", normal(2, 3), 1, mode="reflect")
    case("softmax", normal(2, 3), axis=0)
    case("max", normal(2, 3), 1, keepdims=True)
    case("one_hot", ints(0, 4, 3), 4, axis=0, dtype="int32")


def sparse():
    pieces = np.array([0, -0.0, 0.5, -0.5, 1, -1, 3, -3, np.inf, -np.inf, np.nan], dtype="float32")
    for name in ["sparse_plus", "sparse_sigmoid", "squareplus"]:
        case(name, normal(3, 4) * 2)
        case(name, pieces, suffix="where pieces meet")
    case("squareplus", normal(3, 4), 0.5)


def attention():
    q, k, v = normal(2, 4, 2, 3), normal(2, 5, 2, 3), normal(2, 5, 2, 3)
    case("dot_product_attention", q, k, v)
    case("dot_product_attention", q, k, v, scale=0.3, suffix="scale")
    case("dot_product_attention", q, k, v, is_causal=True, suffix="causal")
    case("dot_product_attention", normal(2, 3, 4, 2), normal(2, 5, 2, 2), normal(2, 5, 2, 2), suffix="grouped heads")
    # The second row of the mask sees nothing.
    mask = bools(2, 1, 4, 5)
    mask[:, :, 1] = False
    case("dot_product_attention", q, k, v, mask=mask, suffix="mask")
    case("dot_product_attention", q, k, v, mask=bools(2, 1, 1, 5), is_causal=True, suffix="mask and causal")
    case("dot_product_attention", q, k, v, bias=normal(1, 2, 4, 5), mask=bools(1, 1, 4, 5), suffix="bias and mask")
    case("rms_normalization", normal(3, 4))
    case("rms_normalization", normal(2, 3, 4), scale=normal(4), axis=-1, epsilon=1e-3, suffix="scale")
    case("rms_normalization", normal(2, 3, 4), axis=[1, 2], suffix="axes")
    case("einsum", "...ij,...jk->...ik", normal(2, 3, 4), normal(2, 4, 5), suffix="ellipsis")
    case("einsum", "abc,acde->abde", normal(2, 3, 4), normal(2, 4, 3, 2), suffix="batched heads")
    case("einsum", "ij,jk,kl->il", normal(2, 3), normal(3, 4), normal(4, 2), suffix="three operands")
    case("einsum", "ab,bc", normal(2, 3), normal(3, 4), suffix="implicit")
    case("einsum", "i...->...", normal(3, 2, 4), suffix="ellipsis on the right")


for group in [elementwise, binary, reductions, contractions, movement, creation, neural, kinks, nodes, sparse, attention]:
    group()
write("ops", CASES)
