"""Goldens of the layers: outputs, gradients, masks, updated state and configs of Keras on JAX.

Run: KERAS_BACKEND=jax python tools/goldens/api/layers.py
"""

from golden_file import encode, encode_all, write

import jax
import keras
import numpy as np
from keras import layers as L

CASES = []


def randomize(layer, rng):
    for variable in layer.variables:
        if "seed" in variable.path:
            continue
        value = rng.standard_normal(variable.shape).astype("float32") * 0.5
        if "variance" in variable.name:
            value = np.abs(value) + 0.1
        variable.assign(value)


def case(name, make, *shapes, ints=None, low=None, training=None, mask=None, grads=True):
    """One layer called once. `shapes` are those of the inputs; `ints` bounds integer inputs."""
    keras.backend.clear_session(free_memory=False)
    rng = np.random.default_rng(len(CASES) + 1)
    if ints is not None:
        xs = [rng.integers(0, ints, s).astype("int32") for s in shapes]
    else:
        xs = [rng.standard_normal(s).astype("float32") for s in shapes]
        if low is not None:
            xs = [np.maximum(x, low) for x in xs]
    seed = len(CASES) + 1
    keras.utils.set_random_seed(seed)
    layer = make()
    single = len(xs) == 1
    shape = shapes[0] if single else list(shapes)
    layer.build(shape)
    initial = [v.numpy() for v in layer.weights]
    randomize(layer, rng)
    state = [v.numpy() for v in layer.non_trainable_variables]
    weights = [v.numpy() for v in layer.trainable_variables]
    call = {}
    if training is not None:
        call["training"] = training
    if mask is not None:
        call["mask"] = np.asarray(mask)

    def forward(tv, inputs):
        x = inputs[0] if single else list(inputs)
        out, ntv = layer.stateless_call(tv, state, x, **call)
        return out, ntv

    entry = {
        "name": name,
        "className": type(layer).__name__,
        "config": layer.get_config(),
        "inputs": encode_all(xs),
        "weights": encode_all(weights),
        "state": encode_all(state),
        "names": [v.name for v in layer.weights],
        "training": training,
        "mask": None if mask is None else encode(np.asarray(mask)),
    }
    if any(np.ptp(w) > 0 for w in initial):
        entry |= {"seed": seed, "initial": encode_all(initial)}
    if ints is None and grads:
        out, vjp, ntv = jax.vjp(forward, weights, xs, has_aux=True)
        cotangent = rng.standard_normal(out.shape).astype("float32")
        gw, gx = vjp(cotangent)
        entry |= {"cotangent": encode(cotangent), "weightGradients": encode_all(gw), "inputGradients": encode_all(gx)}
    elif grads and weights:
        out, vjp, ntv = jax.vjp(lambda tv: forward(tv, xs), weights, has_aux=True)
        cotangent = rng.standard_normal(out.shape).astype("float32")
        entry |= {"cotangent": encode(cotangent), "weightGradients": encode_all(vjp(cotangent)[0])}
    else:
        out, ntv = forward(weights, xs)
    entry["output"] = encode(out)
    entry["newState"] = encode_all(ntv)
    free = [(None, *s[1:]) for s in shapes]
    entry["outputShape"] = list(layer.compute_output_shape(free[0] if single else free))
    entry["supportsMasking"] = bool(layer.supports_masking)
    CASES.append(entry)


def dense():
    case("dense", lambda: L.Dense(4), (3, 5))
    case("dense no bias relu", lambda: L.Dense(3, activation="relu", use_bias=False), (4, 6))
    case("dense rank 3 tanh", lambda: L.Dense(4, activation="tanh"), (2, 3, 5))
    case(
        "dense regularized config",
        lambda: L.Dense(
            3,
            activation="softmax",
            kernel_initializer="he_normal",
            bias_initializer=keras.initializers.Constant(0.5),
            kernel_regularizer=keras.regularizers.L2(0.01),
            bias_regularizer="l1",
            activity_regularizer=keras.regularizers.L1L2(0.1, 0.2),
            kernel_constraint=keras.constraints.MaxNorm(3),
            bias_constraint="non_neg",
        ),
        (4, 3),
    )
    case("embedding", lambda: L.Embedding(7, 4), (3, 5), ints=7)
    case("embedding mask zero", lambda: L.Embedding(5, 3, mask_zero=True), (2, 6), ints=5)


def activations():
    for activation in ["relu", "sigmoid", "softmax", "gelu", "elu", "silu", "softplus", "hard_sigmoid", "linear"]:
        case(f"activation {activation}", lambda: L.Activation(activation), (3, 6))
    case("relu", lambda: L.ReLU(), (4, 5))
    case(
        "relu max slope threshold",
        lambda: L.ReLU(max_value=1.0, negative_slope=0.1, threshold=0.25),
        (6, 7),
    )
    case("softmax", lambda: L.Softmax(), (3, 5))
    case("softmax axis 1", lambda: L.Softmax(axis=1), (2, 4, 3))
    case("softmax axes", lambda: L.Softmax(axis=[1, 2]), (2, 3, 4))
    case(
        "softmax mask",
        lambda: L.Softmax(),
        (2, 4),
        mask=np.array([[True, False, True, True], [True, True, False, False]]),
    )


def convolutions():
    for padding in ["valid", "same", "causal"]:
        case(f"conv1d {padding}", lambda: L.Conv1D(3, 3, padding=padding), (2, 8, 2))
    case("conv1d strides same", lambda: L.Conv1D(2, 4, strides=3, padding="same"), (2, 10, 3))
    case("conv1d dilated causal", lambda: L.Conv1D(2, 2, dilation_rate=2, padding="causal"), (2, 7, 3))
    case("conv1d channels first", lambda: L.Conv1D(2, 3, data_format="channels_first", padding="same"), (2, 3, 6))
    case("conv1d groups", lambda: L.Conv1D(4, 3, groups=2, activation="relu"), (2, 6, 4))
    case("conv2d", lambda: L.Conv2D(3, 3), (2, 6, 5, 2))
    case("conv2d same", lambda: L.Conv2D(3, (3, 2), padding="same"), (2, 5, 5, 2))
    case("conv2d strides", lambda: L.Conv2D(3, 3, strides=2), (2, 7, 8, 2))
    case("conv2d strides same", lambda: L.Conv2D(2, 3, strides=(2, 3), padding="same"), (2, 7, 8, 2))
    case("conv2d dilated", lambda: L.Conv2D(2, 3, dilation_rate=2), (2, 7, 7, 2))
    case("conv2d dilated same", lambda: L.Conv2D(2, (2, 3), dilation_rate=(2, 1), padding="same"), (1, 6, 5, 3))
    case("conv2d groups", lambda: L.Conv2D(4, 3, groups=2, use_bias=False), (2, 5, 5, 4))
    case(
        "conv2d channels first",
        lambda: L.Conv2D(3, 3, data_format="channels_first", activation="relu"),
        (2, 2, 6, 5),
    )
    case("depthwise", lambda: L.DepthwiseConv2D(3), (2, 6, 5, 3))
    case("depthwise multiplier", lambda: L.DepthwiseConv2D(3, depth_multiplier=2, padding="same"), (2, 5, 5, 2))
    case("depthwise strides", lambda: L.DepthwiseConv2D(3, strides=2, padding="same"), (2, 7, 6, 2))
    case("depthwise dilated", lambda: L.DepthwiseConv2D((2, 3), dilation_rate=2), (1, 7, 7, 2))
    case(
        "depthwise channels first",
        lambda: L.DepthwiseConv2D(2, depth_multiplier=2, data_format="channels_first", activation="relu"),
        (2, 2, 5, 4),
    )


def pooling():
    for kind, make in [("max", L.MaxPooling2D), ("average", L.AveragePooling2D)]:
        case(f"{kind} pooling", lambda: make(2), (2, 6, 5, 3))
        case(f"{kind} pooling same", lambda: make(3, strides=2, padding="same"), (2, 6, 5, 2))
        case(f"{kind} pooling overlapping", lambda: make((3, 2), strides=1), (2, 5, 5, 2))
        case(f"{kind} pooling channels first", lambda: make(2, data_format="channels_first"), (2, 3, 4, 6))
        case(f"{kind} pooling channels first same", lambda: make(2, padding="same", data_format="channels_first"), (1, 2, 5, 3))
    case("global average", lambda: L.GlobalAveragePooling2D(), (2, 4, 5, 3))
    case("global average keepdims", lambda: L.GlobalAveragePooling2D(keepdims=True), (2, 4, 5, 3))
    case("global average channels first", lambda: L.GlobalAveragePooling2D(data_format="channels_first"), (2, 3, 4, 5))


def reshaping():
    case("flatten", lambda: L.Flatten(), (2, 3, 4, 2))
    case("flatten channels first", lambda: L.Flatten(data_format="channels_first"), (2, 3, 4, 2))
    case("flatten rank 2", lambda: L.Flatten(), (2, 5))
    case("reshape", lambda: L.Reshape((4, 3)), (2, 2, 6))
    case("reshape unknown", lambda: L.Reshape((-1, 2)), (2, 3, 4))
    case("permute", lambda: L.Permute((2, 1)), (2, 3, 4))
    case("permute 3", lambda: L.Permute((3, 1, 2)), (2, 3, 4, 5))
    case("identity", lambda: L.Identity(), (2, 3))
    case("rescaling", lambda: L.Rescaling(1 / 255.0, offset=-0.5), (2, 3))
    case("rescaling channels", lambda: L.Rescaling([0.5, 2.0, 4.0], offset=[0.1, 0.2, 0.3]), (2, 2, 3))


def merging():
    case("add 2", lambda: L.Add(), (2, 3, 4), (2, 3, 4))
    case("add 3 broadcast", lambda: L.Add(), (2, 3, 4), (2, 4), (2, 1, 4))
    case("multiply", lambda: L.Multiply(), (2, 3), (2, 3), (2, 3))
    case("multiply broadcast", lambda: L.Multiply(), (2, 3, 4), (2, 1, 4))
    case("concatenate", lambda: L.Concatenate(), (2, 3, 4), (2, 3, 1))
    case("concatenate axis 1", lambda: L.Concatenate(axis=1), (2, 3, 4), (2, 1, 4), (2, 2, 4))


def normalization():
    for training in [False, True]:
        mode = "training" if training else "inference"
        case(f"batch normalization {mode}", lambda: L.BatchNormalization(), (4, 3), training=training)
        case(f"batch normalization rank 4 {mode}", lambda: L.BatchNormalization(momentum=0.9, epsilon=1e-2), (3, 4, 4, 2), training=training)
        case(f"batch normalization axis 1 {mode}", lambda: L.BatchNormalization(axis=1), (3, 2, 4, 4), training=training)
    case(
        "batch normalization no scale center",
        lambda: L.BatchNormalization(scale=False, center=False),
        (5, 3),
        training=True,
    )
    case("batch normalization frozen", lambda: L.BatchNormalization(trainable=False), (4, 3), training=True)
    case(
        "batch normalization mask",
        lambda: L.BatchNormalization(),
        (2, 4, 3),
        training=True,
        mask=np.array([[True, True, False, False], [True, True, True, False]]),
    )
    case("layer normalization", lambda: L.LayerNormalization(), (3, 5))
    case("layer normalization axes", lambda: L.LayerNormalization(axis=[1, 2], epsilon=1e-5), (2, 3, 4))
    case("layer normalization axis 1", lambda: L.LayerNormalization(axis=1), (2, 3, 4))
    case("layer normalization no scale", lambda: L.LayerNormalization(scale=False), (3, 5))
    case("layer normalization no center", lambda: L.LayerNormalization(center=False), (3, 5))
    case("layer normalization rms", lambda: L.LayerNormalization(rms_scaling=True), (3, 5))


def dropout():
    case("dropout training", lambda: L.Dropout(0.4, seed=1337), (4, 6), training=True)
    case("dropout inference", lambda: L.Dropout(0.4, seed=1337), (4, 6), training=False)
    case("dropout noise shape", lambda: L.Dropout(0.5, noise_shape=(None, 1, 4), seed=7), (3, 5, 4), training=True)
    case("dropout rate zero", lambda: L.Dropout(0.0, seed=7), (3, 4), training=True)


def einsum_dense():
    case("einsum dense", lambda: L.EinsumDense("ab,bc->ac", output_shape=4, bias_axes="c"), (3, 5))
    case("einsum dense sequence", lambda: L.EinsumDense("abc,cd->abd", (None, 4), "relu", bias_axes="d"), (2, 3, 5))
    case("einsum dense ellipsis", lambda: L.EinsumDense("...x,xy->...y", output_shape=4, bias_axes="y"), (2, 3, 5))
    case("einsum dense ellipsis right", lambda: L.EinsumDense("ab...,bc->ac...", output_shape=4, bias_axes="c"), (2, 3, 5))
    case("einsum dense heads", lambda: L.EinsumDense("abc,cde->abde", (3, 2, 4), bias_axes="de"), (2, 3, 5))
    case("einsum dense joins heads", lambda: L.EinsumDense("abcd,cde->abe", (None, 5)), (2, 3, 2, 4))
    case("einsum dense bias between", lambda: L.EinsumDense("abc,cde->abde", (3, 2, 4), bias_axes="d", kernel_regularizer="l2",
         bias_constraint="non_neg", activity_regularizer="l1"), (2, 3, 5))
    case("rms normalization", lambda: L.RMSNormalization(), (3, 5))
    case("rms normalization axes", lambda: L.RMSNormalization(axis=[1, 2], epsilon=1e-3), (2, 3, 4))
    case("layer normalization axes apart", lambda: L.LayerNormalization(axis=[1, 3]), (2, 3, 4, 2))


def more_convolutions():
    for padding in ["valid", "same"]:
        case(f"conv1d transpose {padding}", lambda: L.Conv1DTranspose(3, 4, strides=3, padding=padding), (2, 5, 2))
        case(f"conv2d transpose {padding}", lambda: L.Conv2DTranspose(2, (3, 2), strides=(2, 3), padding=padding), (2, 4, 3, 2))
        case(f"conv2d transpose output padding {padding}", lambda: L.Conv2DTranspose(2, 3, strides=2, padding=padding, output_padding=1),
             (1, 4, 3, 2))
        case(f"conv3d {padding}", lambda: L.Conv3D(2, (2, 3, 2), padding=padding, activation="relu"), (2, 4, 5, 3, 2))
    case("conv1d transpose dilated", lambda: L.Conv1DTranspose(2, 3, dilation_rate=2, activation="tanh"), (2, 5, 3))
    case("conv1d transpose channels first", lambda: L.Conv1DTranspose(3, 2, strides=2, data_format="channels_first"), (2, 3, 4))
    case("conv2d transpose channels first", lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same", data_format="channels_first",
         use_bias=False), (2, 3, 4, 3))
    case("conv3d transpose", lambda: L.Conv3DTranspose(2, 2, strides=2), (1, 2, 3, 2, 3))
    case("conv3d strides groups", lambda: L.Conv3D(4, 2, strides=2, groups=2), (1, 4, 4, 4, 2))
    case("separable conv1d", lambda: L.SeparableConv1D(3, 3), (2, 6, 4))
    case("separable conv1d strides", lambda: L.SeparableConv1D(3, 3, strides=2, padding="same", depth_multiplier=2), (2, 7, 2))
    case("separable conv2d", lambda: L.SeparableConv2D(4, 3, activation="relu"), (2, 5, 6, 2))
    case("separable conv2d dilated", lambda: L.SeparableConv2D(3, (2, 3), dilation_rate=2, padding="same", use_bias=False,
         pointwise_regularizer="l2", depthwise_constraint="non_neg"), (1, 6, 5, 3))
    case("separable conv2d channels first", lambda: L.SeparableConv2D(3, 2, strides=2, data_format="channels_first"), (2, 2, 6, 4))
    case("depthwise conv1d", lambda: L.DepthwiseConv1D(3, depth_multiplier=2, padding="same"), (2, 6, 3))
    case("depthwise conv1d strides", lambda: L.DepthwiseConv1D(2, strides=2, activation="relu"), (2, 7, 3))
    case("depthwise conv1d channels first", lambda: L.DepthwiseConv1D(3, dilation_rate=2, data_format="channels_first"), (2, 3, 7))


def small():
    for kind, make in [("max", L.MaxPooling1D), ("average", L.AveragePooling1D)]:
        case(f"{kind} pooling 1d", lambda: make(2), (2, 7, 3))
        case(f"{kind} pooling 1d same", lambda: make(3, strides=2, padding="same"), (2, 6, 2))
        case(f"{kind} pooling 1d channels first", lambda: make(2, data_format="channels_first"), (2, 3, 6))
    for kind, make in [("max", L.MaxPooling3D), ("average", L.AveragePooling3D)]:
        case(f"{kind} pooling 3d", lambda: make(2, strides=(1, 2, 1), padding="same"), (1, 3, 4, 3, 2))
    for rank, shape in [(1, (2, 4, 3)), (2, (2, 4, 3, 2)), (3, (2, 2, 3, 2, 2))]:
        for kind in ["Max", "Average"]:
            make = getattr(L, f"Global{kind}Pooling{rank}D")
            case(f"global {kind} pooling {rank}d", lambda: make(), shape)
            case(f"global {kind} pooling {rank}d channels first keepdims", lambda: make(data_format="channels_first", keepdims=True), shape)
    case("global average pooling 1d mask", lambda: L.GlobalAveragePooling1D(), (2, 4, 3),
         mask=np.array([[True, False, True, True], [True, True, False, False]]))
    for training in [False, True]:
        mode = "training" if training else "inference"
        case(f"gaussian noise {mode}", lambda: L.GaussianNoise(0.3, seed=1), (3, 4), training=training)
        case(f"gaussian dropout {mode}", lambda: L.GaussianDropout(0.3, seed=2), (3, 4), training=training)
        case(f"alpha dropout {mode}", lambda: L.AlphaDropout(0.4, seed=3), (4, 5), training=training)
        case(f"spatial dropout 1d {mode}", lambda: L.SpatialDropout1D(0.5, seed=4), (3, 4, 5), training=training)
    case("alpha dropout noise shape", lambda: L.AlphaDropout(0.4, noise_shape=(None, 1, 3), seed=5), (3, 4, 3), training=True)
    case("alpha dropout rate zero", lambda: L.AlphaDropout(0), (3, 4), training=True)
    case("spatial dropout 2d", lambda: L.SpatialDropout2D(0.5, seed=6), (2, 2, 3, 5), training=True)
    case("spatial dropout 2d channels first", lambda: L.SpatialDropout2D(0.5, data_format="channels_first", seed=7), (3, 4, 2, 3), training=True)
    case("spatial dropout 3d", lambda: L.SpatialDropout3D(0.5, seed=8), (2, 2, 2, 1, 5), training=True)
    case("masking", lambda: L.Masking(), (2, 3, 2), low=0.0)
    case("masking value", lambda: L.Masking(mask_value=1.0), (2, 3, 2), low=1.0)
    case("repeat vector", lambda: L.RepeatVector(3), (2, 4))
    case("cropping 1d", lambda: L.Cropping1D(), (2, 6, 3))
    case("cropping 1d pair", lambda: L.Cropping1D((2, 0)), (2, 6, 3))
    case("cropping 2d", lambda: L.Cropping2D(((1, 0), (2, 1))), (2, 4, 5, 2))
    case("cropping 2d channels first", lambda: L.Cropping2D((1, 2), data_format="channels_first"), (1, 2, 4, 6))
    case("cropping 3d", lambda: L.Cropping3D(), (1, 3, 4, 5, 2))
    case("zero padding 1d", lambda: L.ZeroPadding1D(2), (2, 3, 2))
    case("zero padding 1d channels first", lambda: L.ZeroPadding1D((1, 0), data_format="channels_first"), (2, 3, 2))
    case("zero padding 2d", lambda: L.ZeroPadding2D(((1, 0), (2, 1))), (2, 3, 2, 2))
    case("zero padding 2d channels first", lambda: L.ZeroPadding2D((1, 2), data_format="channels_first"), (1, 2, 3, 2))
    case("zero padding 3d", lambda: L.ZeroPadding3D(), (1, 1, 2, 1, 2))
    case("up sampling 1d", lambda: L.UpSampling1D(3), (2, 3, 2))
    case("up sampling 2d", lambda: L.UpSampling2D((2, 3)), (2, 3, 2, 2))
    case("up sampling 2d channels first", lambda: L.UpSampling2D(2, data_format="channels_first"), (1, 2, 3, 2))
    for interpolation in ["bilinear", "bicubic", "lanczos3", "lanczos5"]:
        case(f"up sampling 2d {interpolation}", lambda: L.UpSampling2D((2, 3), interpolation=interpolation), (2, 4, 3, 2))
    case("up sampling 2d bilinear channels first", lambda: L.UpSampling2D(2, "channels_first", "bilinear"), (1, 2, 3, 4))
    case("up sampling 3d", lambda: L.UpSampling3D((1, 2, 3)), (1, 2, 2, 1, 3))
    case("subtract", lambda: L.Subtract(), (2, 3, 4), (2, 1, 4))
    case("average", lambda: L.Average(), (2, 3), (2, 3), (2, 3))
    case("maximum", lambda: L.Maximum(), (2, 3, 4), (2, 3, 4), (2, 1, 4))
    case("minimum", lambda: L.Minimum(), (2, 3), (2, 3))
    case("dot", lambda: L.Dot(axes=1), (3, 4), (3, 4))
    case("dot axes", lambda: L.Dot(axes=(2, 1)), (2, 3, 4), (2, 4, 5))
    case("dot normalized", lambda: L.Dot(axes=-1, normalize=True), (2, 3, 4), (2, 5, 4))
    case("dot of ranks 4 and 2", lambda: L.Dot(axes=(2, 1)), (2, 3, 4, 2), (2, 4))
    case("leaky relu", lambda: L.LeakyReLU(), (3, 4))
    case("leaky relu slope", lambda: L.LeakyReLU(negative_slope=0.1), (3, 4))
    case("elu", lambda: L.ELU(), (3, 4))
    case("elu alpha", lambda: L.ELU(alpha=0.5), (3, 4))
    case("prelu", lambda: L.PReLU(), (3, 4, 2))
    case("prelu shared", lambda: L.PReLU(shared_axes=[1, 2], alpha_regularizer="l2", alpha_constraint="non_neg"), (2, 3, 4, 2))
    case("activity regularization", lambda: L.ActivityRegularization(l1=0.1, l2=0.2), (3, 4))
    case("unit normalization", lambda: L.UnitNormalization(), (3, 4))
    case("unit normalization axes", lambda: L.UnitNormalization(axis=[1, 2]), (2, 3, 4))
    case("group normalization", lambda: L.GroupNormalization(2), (3, 5, 4))
    case("group normalization of images", lambda: L.GroupNormalization(groups=3, epsilon=1e-2), (2, 3, 2, 6))
    case("group normalization axis 1", lambda: L.GroupNormalization(groups=2, axis=1), (2, 4, 3, 3))
    case("group normalization of instances", lambda: L.GroupNormalization(groups=-1), (2, 5, 3))
    case("group normalization no scale center", lambda: L.GroupNormalization(groups=1, scale=False, center=False), (2, 3, 4))


for group in [dense, activations, convolutions, pooling, reshaping, merging, normalization, dropout, einsum_dense, more_convolutions, small]:
    group()
write("layers", CASES)
