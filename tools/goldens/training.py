"""Goldens of training: loss histories, final weights, predictions and summaries of small seeded models.

Every case seeds with `set_random_seed`, makes its data by the rule in `grid` (so that the test can make the same without
storing it), and runs as the test does. Run: KERAS_BACKEND=jax python tools/goldens/training.py
"""

import gzip
import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers, ops

PATH = pathlib.Path(__file__).parents[2] / "packages/api/goldens/training.json.gz"
CASES = {}


def grid(*shape, step=7919):
    """Numbers in [-1, 1) by a rule that is exact in any language."""
    index = np.arange(np.prod(shape), dtype=np.int64)
    return ((index * step + 13) % 1000 / 500.0 - 1.0).astype("float32").reshape(shape)


def classes(n, count):
    return (np.arange(n, dtype=np.int64) * 5 % 7 % count).astype("int32")


def case(fn):
    keras.utils.clear_session()
    keras.utils.set_random_seed(11)
    model, history, inputs, extra = fn()
    predicted = model.predict(inputs, verbose=0, batch_size=64)
    flat = [np.ravel(p) for p in keras.tree.flatten(predicted)]
    CASES[fn.__name__] = {
        "history": history,
        "weights": {w.path: np.ravel(ops.convert_to_numpy(w)).tolist() for w in model.weights},
        "prediction": np.concatenate(flat).tolist(),
        **extra,
    }


def summary(model):
    lines = []
    model.summary(print_fn=lines.append)
    return "".join(lines)


@case
def dense_adam():
    model = keras.Sequential([keras.Input([4]), layers.Dense(8, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = grid(22, 4), classes(22, 3)
    h = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
    e = model.evaluate(x, y, batch_size=8, verbose=0, return_dict=True)
    return model, h.history, x, {"evaluate": e, "summary": summary(model)}


@case
def cnn_dropout():
    model = keras.Sequential([
        keras.Input([8, 8, 1]), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dropout(0.5), layers.Dense(3, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = grid(20, 8, 8, 1), classes(20, 3)
    h = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
    return model, h.history, x, {"summary": summary(model)}


@case
def shuffled_split():
    model = keras.Sequential([layers.Dense(5, activation="tanh"), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    x, y = grid(23, 3), grid(23, 1, step=131)
    h = model.fit(x, y, epochs=3, batch_size=4, validation_split=0.2, verbose=0)
    h2 = model.fit(x, y, epochs=4, initial_epoch=2, batch_size=8, verbose=0)
    return model, {**h.history, **{f"again_{k}": v for k, v in h2.history.items()}}, x, {}


@case
def shuffled_batchwise():
    model = keras.Sequential([keras.Input([3]), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = grid(10, 3), grid(10, 1, step=131)
    h = model.fit(x, y, epochs=2, batch_size=4, shuffle="batch", verbose=0)
    return model, h.history, x, {}


@case
def class_weights():
    model = keras.Sequential([keras.Input([4]), layers.Dense(3, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"],
                  weighted_metrics=["accuracy"])
    x, y = grid(18, 4), classes(18, 3)
    h = model.fit(x, y, epochs=3, batch_size=5, shuffle=False, class_weight={0: 2.0, 1: 0.5}, verbose=0)
    return model, h.history, x, {}


@case
def regularized():
    model = keras.Sequential([
        keras.Input([4]),
        layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01), activity_regularizer=keras.regularizers.L1(0.02)),
        layers.BatchNormalization(),
        layers.Dense(1, kernel_constraint=keras.constraints.MaxNorm(0.5)),
    ])
    model.compile(keras.optimizers.Adam(0.05, clipnorm=0.5, weight_decay=0.01), "mse")
    x, y = grid(16, 4), grid(16, 1, step=131)
    w = np.abs(grid(16, step=37))
    h = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, sample_weight=w, verbose=0)
    return model, h.history, x, {"summary": summary(model)}


@case
def two_outputs():
    a, b = keras.Input([4], name="a"), keras.Input([2], name="b")
    h = layers.Concatenate()([layers.Dense(4, activation="relu", name="left")(a), b])
    price = layers.Dense(1, name="price")(h)
    label = layers.Dense(3, activation="softmax", name="label")(h)
    model = keras.Model([a, b], [price, label])
    model.compile("rmsprop", {"price": "mse", "label": "sparse_categorical_crossentropy"},
                  loss_weights={"price": 0.5, "label": 2.0}, metrics={"label": ["accuracy"], "price": ["mae"]})
    xs, ys = [grid(14, 4), grid(14, 2, step=53)], [grid(14, 1, step=131), classes(14, 3)]
    h = model.fit(xs, ys, epochs=3, batch_size=4, shuffle=False, verbose=0)
    e = model.evaluate(xs, ys, batch_size=4, verbose=0, return_dict=True)
    return model, h.history, xs, {"evaluate": e, "summary": summary(model)}


@case
def record_outputs():
    a = keras.Input([4], name="a")
    model = keras.Model({"a": a}, {"z": layers.Dense(1, name="first")(a), "c": layers.Dense(2, name="second")(a)})
    model.compile("sgd", {"z": "mse", "c": "mae"}, metrics={"z": ["mae"], "c": ["mse"]})
    x, y = {"a": grid(12, 4)}, {"z": grid(12, 1, step=131), "c": grid(12, 2, step=17)}
    h = model.fit(x, y, epochs=2, batch_size=5, shuffle=False, verbose=0)
    return model, h.history, x, {"summary": summary(model)}


@case
def shared_nested():
    inner_in = keras.Input([3])
    inner = keras.Model(inner_in, layers.Dense(3, activation="tanh")(inner_in), name="inner")
    x = keras.Input([3])
    shared = layers.Dense(3, name="shared")
    y = layers.Add()([shared(inner(x)), shared(x)])
    model = keras.Model(x, layers.Dense(1)(y))
    model.get_layer("inner").trainable = False
    model.compile("adam", "mse")
    data, target = grid(12, 3), grid(12, 1, step=131)
    h = model.fit(data, target, epochs=2, batch_size=6, shuffle=False, verbose=0)
    return model, h.history, data, {"summary": summary(model), "layers": [layer.name for layer in model.layers]}


@case
def generator_steps():
    model = keras.Sequential([keras.Input([3]), layers.Dense(1)])
    model.compile("sgd", "mae", metrics=["mse"])

    def batches():
        while True:
            for i in range(3):
                yield grid(4, 3, step=7 + i), grid(4, 1, step=11 + i)

    h = model.fit(batches(), steps_per_epoch=4, epochs=2, verbose=0)
    return model, h.history, grid(4, 3), {}


@case
def early_stopping():
    model = keras.Sequential([keras.Input([3]), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.9), "mse")
    x, y = grid(12, 3), grid(12, 1, step=131)
    h = model.fit(x, y, epochs=12, batch_size=4, shuffle=False, verbose=0, validation_data=(x[:5], y[:5]),
                  callbacks=[keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)])
    return model, h.history, x, {"epochs": h.epoch}


def tokens(*shape, count, step=7919):
    """Integers in [0, count) by the same kind of rule; zeros are padding."""
    index = np.arange(np.prod(shape), dtype=np.int64)
    return ((index * step + 13) % 1000 % count).astype("int32").reshape(shape)


@case
def lstm_masked_dropout():
    model = keras.Sequential([
        keras.Input([7], dtype="int32"), layers.Embedding(12, 5, mask_zero=True),
        layers.LSTM(6, dropout=0.2, recurrent_dropout=0.3), layers.Dense(2),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    x, y = tokens(20, 7, count=12), classes(20, 2)
    h = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
    return model, h.history, x, {"summary": summary(model)}


@case
def recurrent_stack():
    model = keras.Sequential([
        keras.Input([6, 3]), layers.SimpleRNN(4, return_sequences=True, dropout=0.1),
        layers.Bidirectional(layers.GRU(3, return_sequences=True)),
        layers.TimeDistributed(layers.Dense(4, activation="relu")),
        layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)]), layers.Dense(1),
    ])
    model.compile("rmsprop", "mse")
    x, y = grid(20, 6, 3), grid(20, 1, step=131)
    h = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
    return model, h.history, x, {"summary": summary(model)}


@case
def encoder_decoder():
    source, target = keras.Input([5, 3], name="source"), keras.Input([4, 2], name="target")
    _, h, c = layers.LSTM(4, return_state=True, name="encoder")(source)
    decoded = layers.LSTM(4, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    model = keras.Model([source, target], layers.Dense(2)(decoded))
    model.compile("adam", "mse")
    xs, y = [grid(12, 5, 3), grid(12, 4, 2, step=53)], grid(12, 4, 2, step=131)
    history = model.fit(xs, y, epochs=3, batch_size=5, shuffle=False, verbose=0)
    return model, history.history, xs, {"summary": summary(model)}


@case
def transformer():
    x = keras.Input([8], dtype="int32")
    h = layers.Embedding(20, 8)(x)
    for block in range(2):
        # Without biases: the gradient of the keys' is zero but for rounding, which Adam would make steps of.
        attended = layers.MultiHeadAttention(2, 4, dropout=0.1, use_bias=False)(h, h, use_causal_mask=True)
        h = layers.LayerNormalization()(layers.Add()([h, attended]))
        fed = layers.Dense(8)(layers.Dense(16, activation="gelu")(h))
        h = layers.LayerNormalization()(layers.Add()([h, fed]))
    model = keras.Model(x, layers.Dense(20)(h))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    data, target = tokens(12, 8, count=20), tokens(12, 8, count=20, step=7717)
    history = model.fit(data, target, epochs=3, batch_size=4, shuffle=False, verbose=0)
    return model, history.history, data, {"summary": summary(model)}


@case
def long_attention():
    # Long enough for kernels that never hold the scores.
    x = keras.Input([40], dtype="int32")
    h = layers.Embedding(20, 8, mask_zero=True)(x)
    for _ in range(2):
        attended = layers.GroupQueryAttention(4, 4, 2, use_bias=False)(h, h, use_causal_mask=True)
        h = layers.LayerNormalization()(layers.Add()([h, attended]))
    model = keras.Model(x, layers.Dense(20)(h))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    data, target = tokens(6, 40, count=20), tokens(6, 40, count=20, step=7717)
    history = model.fit(data, target, epochs=3, batch_size=3, shuffle=False, verbose=0)
    return model, history.history, data, {"summary": summary(model)}


with gzip.GzipFile(PATH, "wb", mtime=0) as file:
    text = json.dumps({"keras": keras.version(), "cases": CASES}, separators=(",", ":"))
    file.write(text.encode())
print(f"{len(CASES)} cases, {PATH.stat().st_size} bytes")
for name, one in CASES.items():
    print(name, {k: [round(v, 5) for v in vs] for k, vs in one["history"].items()}, list(one["weights"]))
