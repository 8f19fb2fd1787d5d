"""Random valid models: every layer of the first slice with random arguments, in stacks, branches, shared and nested.

`random_model(r)` draws from `r`, a `random.Random`. It answers a Keras model and how its inputs look: a list of data rules
(see parity.py). The weights do not matter: who uses the model makes it again from its config.
"""

import keras
from keras import constraints, initializers, layers, ops, regularizers

ACTIVATIONS = [
    None, "relu", "tanh", "sigmoid", "elu", "selu", "gelu", "softplus", "softsign", "silu", "leaky_relu", "relu6", "mish",
    "hard_sigmoid", "hard_silu", "exponential", "linear", "celu", "log_sigmoid", "softmax", "hard_tanh", "tanh_shrink",
    "soft_shrink", "hard_shrink", "log_softmax", "swish",
]
SMOOTH = [None, "tanh", "sigmoid", "softplus", "softsign", "silu", "gelu"]


def maybe(r, chance, make, otherwise=None):
    return make() if r.random() < chance else otherwise


def kernel_initializer(r):
    return r.choice([
        "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal", "random_normal",
        "random_uniform", "truncated_normal",
        lambda: initializers.RandomNormal(0.1, 0.3), lambda: initializers.RandomUniform(-0.4, 0.3),
        lambda: initializers.TruncatedNormal(0.0, 0.4), lambda: initializers.VarianceScaling(0.7, "fan_out", "normal"),
        lambda: initializers.VarianceScaling(1.3, "fan_avg", "untruncated_normal"), lambda: initializers.HeNormal(seed=5),
        lambda: initializers.VarianceScaling(0.8, "fan_in", "uniform", seed=77),
    ])


def made(choice):
    return choice() if callable(choice) else choice


def regularizer(r):
    return made(r.choice(["l2", "l1", lambda: regularizers.L1(0.003), lambda: regularizers.L2(0.02), lambda: regularizers.L1L2(0.002, 0.01)]))


def constraint(r):
    return made(r.choice([
        "max_norm", "non_neg", "unit_norm", lambda: constraints.MaxNorm(0.8), lambda: constraints.MinMaxNorm(0.2, 0.9, rate=0.7),
        lambda: constraints.UnitNorm(),
    ]))


def weighted(r, kind, smooth=False):
    """Arguments that layers with a kernel share; `kind` is 'kernel' or 'depthwise'."""
    return {
        "activation": r.choice(SMOOTH if smooth else ACTIVATIONS),
        "use_bias": r.random() < 0.85,
        f"{kind}_initializer": made(kernel_initializer(r)),
        "bias_initializer": made(r.choice(["zeros", "zeros", "ones", lambda: initializers.Constant(0.1), "random_normal"])),
        f"{kind}_regularizer": maybe(r, 0.15, lambda: regularizer(r)),
        "bias_regularizer": maybe(r, 0.1, lambda: regularizer(r)),
        "activity_regularizer": maybe(r, 0.1, lambda: regularizer(r)),
        f"{kind}_constraint": maybe(r, 0.15, lambda: constraint(r)),
        "bias_constraint": maybe(r, 0.05, lambda: constraint(r)),
        "trainable": r.random() < 0.92,
    }


def dense(r, shape):
    return layers.Dense(r.randint(2, 6), **weighted(r, "kernel"))


def conv(r, shape):
    rank = len(shape) - 1
    make = layers.Conv1D if rank == 1 else layers.Conv2D
    last = r.random() < 0.85
    size = tuple(r.randint(1, 3) for _ in range(rank)) if r.random() < 0.5 else r.randint(1, 3)
    strides, dilation = 1, 1
    if r.random() < 0.3:
        strides = 2
    elif r.random() < 0.25:
        dilation = 2
    padding = r.choice(["valid", "same"] + (["causal"] if rank == 1 and last else []))
    groups = 1
    filters = r.randint(1, 4)
    channels = shape[-1] if last else shape[0]
    if last and channels % 2 == 0 and r.random() < 0.3:
        groups, filters = 2, 2 * r.randint(1, 2)
    return make(filters, size, strides=strides, padding=padding, dilation_rate=dilation, groups=groups,
                data_format=maybe(r, 0.5, lambda: "channels_last") if last else "channels_first", **weighted(r, "kernel"))


def depthwise(r, shape):
    strides, dilation = r.choice([(1, 1), (1, 1), (2, 1), (1, 2)])
    return layers.DepthwiseConv2D(r.randint(1, 3), strides=strides, padding=r.choice(["valid", "same"]),
                                  depth_multiplier=r.randint(1, 2), dilation_rate=dilation, **weighted(r, "depthwise"))


def pool(r, shape):
    make = r.choice([layers.MaxPooling2D, layers.AveragePooling2D])
    return make(r.choice([2, 3, (2, 1), (1, 2)]), strides=r.choice([None, None, 1, 2, (1, 2)]), padding=r.choice(["valid", "same"]))


def batch_norm(r, shape):
    arguments = {
        "axis": r.choice([-1, -1, -1, 1]), "momentum": r.choice([0.99, 0.9, 0.5]), "epsilon": r.choice([1e-3, 1e-2]),
        "center": r.random() < 0.85, "scale": r.random() < 0.85, "trainable": r.random() < 0.8,
        "gamma_regularizer": maybe(r, 0.15, lambda: regularizer(r)),
        "beta_initializer": r.choice(["zeros", "random_normal"]), "moving_mean_initializer": r.choice(["zeros", "random_normal"]),
        "beta_constraint": maybe(r, 0.1, lambda: constraint(r)),
    }
    return layers.BatchNormalization(**arguments)


def layer_norm(r, shape):
    axis = r.choice([-1, -1, [1, 2]]) if len(shape) > 1 else -1
    return layers.LayerNormalization(axis=axis, epsilon=r.choice([1e-3, 1e-2]), center=r.random() < 0.85,
                                     scale=r.random() < 0.85, gamma_initializer=r.choice(["ones", "random_uniform"]))


def dropout(r, shape):
    noise = maybe(r, 0.25, lambda: (None,) + (1,) * (len(shape) - 1) + (shape[-1],)) if len(shape) > 1 else None
    return layers.Dropout(r.choice([0.2, 0.5, 0.0, 0.3]), noise_shape=noise, seed=maybe(r, 0.3, lambda: r.randint(0, 10000)))


def activation(r, shape):
    return r.choice([
        lambda: layers.Activation(r.choice(ACTIVATIONS[1:])),
        lambda: layers.ReLU(max_value=r.choice([None, 0.7]), negative_slope=r.choice([0.0, 0.1]), threshold=r.choice([0.0, 0.1])),
        lambda: layers.Softmax(axis=r.choice([-1, 1])),
        lambda: layers.Rescaling(r.choice([0.5, 1 / 3, 2.0]), offset=r.choice([0.0, -0.25])),
        lambda: layers.Rescaling([0.5 + 0.25 * i for i in range(shape[-1])], offset=[0.1 * i for i in range(shape[-1])]),
        lambda: layers.Identity(),
    ])()


def reorder(r, shape):
    if len(shape) == 1:
        if shape[0] % 2 == 0:
            return layers.Reshape((2, -1) if r.random() < 0.5 else (shape[0] // 2, 2))
        return layers.Reshape((shape[0], 1))
    if r.random() < 0.5:
        order = list(range(1, len(shape) + 1))
        r.shuffle(order)
        return layers.Permute(tuple(order))
    return layers.Reshape((-1, shape[-1]) if r.random() < 0.5 else tuple(reversed(shape)))


def flatten(r, shape):
    return layers.Flatten(data_format=r.choice([None, None, "channels_last", "channels_first"]))


def candidates(shape):
    makers = [dense, dense, batch_norm, layer_norm, dropout, dropout, activation]
    if len(shape) >= 2:
        makers += [reorder, flatten]
    if len(shape) == 2 and min(shape) >= 3:
        makers += [conv, conv, conv]
    if len(shape) == 3 and min(shape[:2]) >= 3:
        makers += [conv, conv, depthwise, pool, pool]
    if len(shape) == 3:
        makers += [lambda r, s: layers.GlobalAveragePooling2D(keepdims=r.random() < 0.3)]
    if len(shape) == 1:
        makers += [reorder]
    return makers


def grow(r, x, count):
    """Applies `count` random layers that suit the shape."""
    grown = 0
    while grown < count:
        shape = tuple(x.shape[1:])
        try:
            x = r.choice(candidates(shape))(r, shape)(x)
        except ValueError:
            continue
        if 0 in x.shape:
            raise ValueError("empty")
        grown += 1
    return x


def shape_and_rule(r):
    """An input shape and the rule of its data."""
    kind = r.choice(["vector", "vector", "sequence", "image", "image", "tokens"])
    if kind == "tokens":
        size = r.randint(3, 6)
        vocabulary = r.randint(4, 9)
        return (size,), {"rule": "whole", "shape": [size], "count": vocabulary, "step": 31 + 2 * r.randint(0, 40)}
    shape = {"vector": lambda: (r.randint(2, 6),), "sequence": lambda: (r.randint(4, 7), r.randint(1, 4)),
             "image": lambda: (r.randint(5, 7), r.randint(5, 7), r.randint(1, 3))}[kind]()
    return shape, {"rule": "grid", "shape": list(shape), "step": r.choice([7919, 131, 37, 211])}


def input_of(r, name):
    """A keras.Input, what follows it at once, and its data rule."""
    shape, rule = shape_and_rule(r)
    if rule["rule"] == "grid":
        x = keras.Input(shape, name=name)
        return x, x, rule
    x = keras.Input(shape, name=name, dtype=r.choice(["int32", "float32", "int32"]))
    mask = r.random() < 0.6
    embedded = layers.Embedding(rule["count"], r.randint(2, 4), mask_zero=mask, embeddings_regularizer=maybe(r, 0.2, lambda: regularizer(r)),
                                embeddings_initializer=made(kernel_initializer(r)), embeddings_constraint=maybe(r, 0.15, lambda: constraint(r)))(x)
    return x, embedded, rule


def vector(r, x):
    """Down to one axis, in one of the ways of the slice."""
    if len(x.shape) == 4 and r.random() < 0.4:
        return layers.GlobalAveragePooling2D()(x)
    return x if len(x.shape) == 2 else layers.Flatten()(x)


def head(r, x, task, name=None):
    """The output layer of a task (see parity.py)."""
    units, act = task["units"], task["activation"]
    options = weighted(r, "kernel")
    options.update(activation=act, kernel_constraint=None, bias_constraint=None, trainable=True, use_bias=True)
    return layers.Dense(units, name=name, **options)(x)


def sequential(r, tasks):
    probe, x, rule = input_of(r, None)
    x = grow(r, x, r.randint(1, 4))
    x = head(r, vector(r, x) if r.random() < 0.9 or not tasks[0]["dense"] else x, tasks[0])
    functional = keras.Model(probe, x)
    stack = functional.layers[1:]
    first = [keras.Input(probe.shape[1:], dtype=probe.dtype)]
    return keras.Sequential(first + [type(layer).from_config(layer.get_config()) for layer in stack]), [rule]


def nested(r, x):
    """A model as a layer: functional or a stack, perhaps called twice, perhaps frozen."""
    shape = tuple(x.shape[1:])
    if r.random() < 0.5:
        inner_in = keras.Input(shape)
        inner = keras.Model(inner_in, grow(r, inner_in, r.randint(1, 2)), name=maybe(r, 0.5, lambda: "inner"))
    else:
        inner = keras.Sequential([keras.Input(shape), dense(r, shape), activation(r, shape[:-1] + (1,)) if r.random() < 0.3 else dense(r, shape)])
    inner.trainable = r.random() < 0.7
    # Of a layer that is called twice, Keras on JAX counts only the last activity loss when it trains.
    if r.random() < 0.3 and not any(layer.activity_regularizer for layer in inner.layers):
        return layers.Add()([inner(x), inner(layers.Rescaling(0.5)(x))])
    return inner(x)


def merge(r, xs):
    units = {x.shape[-1] for x in xs}
    if len(units) == 1 and r.random() < 0.6:
        return r.choice([layers.Add, layers.Multiply])()(xs)
    return layers.Concatenate(axis=r.choice([-1, 1]))(xs)


def op_node(r, x):
    return r.choice([
        lambda: ops.relu(x), lambda: x * 0.5, lambda: ops.multiply(x, 2.0), lambda: x + 1.0, lambda: ops.tanh(x),
        lambda: ops.add(x, x), lambda: ops.square(x), lambda: ops.reshape(x, (-1, x.shape[1], 1)), lambda: 1.0 - x,
        lambda: ops.mean(x, axis=-1, keepdims=True), lambda: ops.concatenate([x, x], axis=-1), lambda: ops.expand_dims(x, 1),
        lambda: ops.softmax(x), lambda: ops.clip(x, -0.5, 0.5), lambda: x / 2.0, lambda: -x, lambda: ops.maximum(x, 0.1),
        lambda: ops.sum(x, axis=1, keepdims=True), lambda: x[:, ::-1], lambda: ops.abs(x), lambda: ops.exp(x),
        lambda: x ** 2, lambda: 2.0 / (x + 3.0), lambda: x[:, 1:] if x.shape[1] > 1 else x, lambda: x[..., None], lambda: ops.min(x, axis=1, keepdims=True),
        lambda: ops.max(x, axis=-1), lambda: ops.sigmoid(x), lambda: ops.flip(x, axis=1),
        lambda: ops.repeat(x, 2, axis=1), lambda: ops.tile(x, (1, 2)), lambda: ops.cumsum(x, axis=1), lambda: ops.where(x > 0, x, x * 0.1),
        lambda: ops.stack([x, x * 2.0], axis=1), lambda: ops.transpose(x, (0, 1)), lambda: ops.minimum(x, 0.5), lambda: ops.log1p(ops.abs(x)),
        lambda: ops.sqrt(ops.square(x) + 0.1), lambda: ops.leaky_relu(x, negative_slope=0.3), lambda: ops.pad(x, ((0, 0), (1, 0))),
        lambda: ops.einsum("bi,bj->bij", x, x), lambda: ops.split(ops.concatenate([x, -x], axis=1), 2, axis=1)[1], lambda: ops.normalize(x + 1.0, axis=-1),
        lambda: ops.logsumexp(x, axis=-1, keepdims=True), lambda: ops.var(x, axis=-1, keepdims=True), lambda: ops.roll(x, 1, axis=1),
        lambda: ops.take(x, [0, 0], axis=1), lambda: ops.squeeze(ops.expand_dims(x, 2), 2), lambda: x - ops.mean(x, axis=1, keepdims=True),
        lambda: ops.cast(x > 0.2, "float32"), lambda: ops.silu(x), lambda: ops.sort(x, axis=1), lambda: ops.gelu(x, approximate=False),
    ])()


def functional(r, tasks):
    """Branches over one or two inputs, with shared layers, nested models and op nodes."""
    count = r.choice([1, 1, 2])
    inputs, branches, rules = [], [], []
    for i in range(count):
        x, start, rule = input_of(r, ["left", "right"][i] if r.random() < 0.7 else None)
        inputs.append(x)
        rules.append(rule)
        branches.append(vector(r, grow(r, start, r.randint(0, 2))))
    x = branches[0]
    if len(branches) == 2:
        same = [layers.Dense(3, activation="tanh")(b) for b in branches]
        x = merge(r, same if r.random() < 0.6 else branches)
    if r.random() < 0.4:
        shared = layers.Dense(x.shape[-1], activation=r.choice(SMOOTH))
        x = merge(r, [shared(x), shared(shared(x))])
    if r.random() < 0.35:
        x = vector(r, nested(r, x))
    if r.random() < 0.4:
        x = vector(r, op_node(r, x))
    if r.random() < 0.5:
        x = vector(r, grow(r, x, 1))
    names = ["price", "label", "score"]
    named = r.random() < 0.7
    outputs = [head(r, x if r.random() < 0.6 else layers.Dense(4, activation="tanh")(x), task, names[i] if named else None)
               for i, task in enumerate(tasks)]
    structure = outputs[0] if len(outputs) == 1 and r.random() < 0.8 else outputs
    if len(inputs) == 1 and r.random() < 0.8:
        inputs = inputs[0]
    return keras.Model(inputs, structure, name=maybe(r, 0.2, lambda: "whole")), rules


def random_model(r, tasks):
    """@returns a model with one output for each task, and the data rules of its inputs."""
    if len(tasks) == 1 and r.random() < 0.5:
        return sequential(r, tasks)
    return functional(r, tasks)
