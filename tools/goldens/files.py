"""Makes packages/api/goldens/files: `.keras` files of Keras 3.15.1 on JAX with what they predict, before and after two
more training steps.

usage: KERAS_BACKEND=jax python tools/goldens/files.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

folder = pathlib.Path(__file__).parents[2] / "packages/api/goldens/files"
random = np.random.RandomState(7)


def floats(*shape):
    return random.uniform(-1, 1, shape).astype("float32")


def convolutional():
    model = keras.Sequential([
        keras.Input([8, 8, 2]),
        layers.Rescaling(2.0, offset=-0.5),
        layers.Conv2D(4, 3, activation="relu", padding="same", kernel_regularizer=keras.regularizers.L2(1e-3)),
        layers.BatchNormalization(),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.MaxPooling2D(2),
        layers.Permute((2, 1, 3)),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.0),
        layers.Dense(3, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, [floats(6, 8, 8, 2)], [random.randint(0, 3, 6).astype("int32")]


def branching():
    tokens = keras.Input([5], dtype="int32", name="tokens")
    vector = keras.Input([4], name="vector")
    shared = layers.Dense(6, activation="tanh", kernel_constraint=keras.constraints.MaxNorm(2.0))
    embedded = layers.Flatten()(layers.Embedding(10, 3)(tokens))
    inner = keras.Sequential([keras.Input([6]), layers.Dense(6), layers.LayerNormalization()], name="inner")
    left = shared(vector)
    right = inner(shared(layers.Dense(4)(embedded)))
    joined = layers.Concatenate()([layers.Add()([left, right]), layers.Multiply()([left, right])])
    price = layers.Dense(1, name="price")(joined)
    label = layers.Dense(2, activation="softmax", name="label")(joined)
    model = keras.Model([tokens, vector], [price, label])
    model.compile(
        keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True),
        ["mse", "categorical_crossentropy"],
        loss_weights=[0.5, 1.0],
    )
    labels = np.eye(2, dtype="float32")[random.randint(0, 2, 6)]
    return model, [random.randint(0, 10, (6, 5)).astype("int32"), floats(6, 4)], [floats(6, 1), labels]


def scheduled():
    model = keras.Sequential([
        keras.Input([12]),
        layers.Reshape((6, 2)),
        layers.Conv1D(4, 3, strides=2, padding="causal", activation="elu"),
        layers.Reshape((3, 4, 1)),
        layers.AveragePooling2D((1, 2)),
        layers.ReLU(max_value=6.0, negative_slope=0.1),
        layers.Flatten(),
        layers.Activation("sigmoid"),
        layers.Dense(4),
        layers.Softmax(),
    ])
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    model.compile(
        keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True, clipnorm=1.0, weight_decay=0.01),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
    )
    return model, [floats(6, 12)], [np.eye(4, dtype="float32")[random.randint(0, 4, 6)]]


def recurrent():
    tokens = keras.Input([5], dtype="int32", name="tokens")
    target = keras.Input([4, 2], name="target")
    embedded = layers.Embedding(10, 3, mask_zero=True)(tokens)
    read = layers.Bidirectional(layers.GRU(4, return_sequences=True, reset_after=False), merge_mode="sum")(embedded)
    _, h, c = layers.LSTM(4, return_state=True, dropout=0.0)(read)
    decoded = layers.LSTM(4, return_sequences=True)(target, initial_state=[h, c])
    stacked = layers.RNN([layers.SimpleRNNCell(4), layers.GRUCell(3)], return_sequences=True)(decoded)
    attended = layers.MultiHeadAttention(2, 3)(stacked, stacked, use_causal_mask=True)
    out = layers.TimeDistributed(layers.Dense(2))(layers.LayerNormalization()(layers.Add()([stacked, attended])))
    model = keras.Model([tokens, target], out)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
    return model, [random.randint(0, 10, (6, 5)).astype("int32"), floats(6, 4, 2)], [floats(6, 4, 2)]


def listed(arrays):
    return [{"dtype": str(a.dtype), "shape": a.shape, "data": [round(float(v), 9) for v in a.ravel()]} for a in arrays]


def as_list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


folder.mkdir(parents=True, exist_ok=True)
for build in (convolutional, branching, scheduled, recurrent):
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    model, x, y = build()
    inputs = x if len(x) > 1 else x[0]
    targets = y if len(y) > 1 else y[0]
    for _ in range(2):
        model.train_on_batch(inputs, targets)
    model.save(folder / f"{build.__name__}.keras")
    expected = {"x": listed(x), "y": listed(y), "predicted": listed(as_list(model.predict(inputs, verbose=0)))}
    for _ in range(2):
        model.train_on_batch(inputs, targets)
    expected["after"] = listed(as_list(model.predict(inputs, verbose=0)))
    (folder / f"{build.__name__}.json").write_text(json.dumps(expected))
