"""A contestant: builds a model, makes its first step, then trains an epoch whenever a line comes in.

usage: KERAS_BACKEND=jax|tensorflow keras_training.py digits|mlp|cnn DIGITS_FOLDER

The models and data are those of models.mjs. Prints one JSON object a line.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

kind, folder = sys.argv[1:3]


def digits():
    """The 8,000 training digits."""
    images, labels = [], []
    for digit in range(10):
        with open(os.path.join(folder, f"{digit}.json")) as file:
            data = np.array(json.load(file)["data"], "float32").reshape(-1, 28, 28, 1)
        images.append(data)
        labels.append(np.full(len(data), digit, "int32"))
    x, y = np.concatenate(images), np.concatenate(labels)
    order = np.random.RandomState(0).permutation(len(x))[:8000]
    return x[order], y[order]


def noise(*shape):
    return np.random.RandomState(0).rand(*shape).astype("float32"), np.arange(shape[0], dtype="int32") % 10


def convolutional(*head):
    return [
        keras.Input([28, 28, 1]),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        *head,
        layers.Dense(10, activation="softmax"),
    ]


def perceptron():
    return [
        keras.Input([784]),
        layers.Dense(256, activation="relu"),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]


# Layers, data, batch size, metrics, options of fit.
build, data, batch, metrics, options = {
    "digits": (lambda: convolutional(layers.Dropout(0.5)), digits, 128, ["accuracy"], {"validation_split": 0.1}),
    "mlp": (perceptron, lambda: noise(128 * 60, 784), 128, [], {}),
    "cnn": (lambda: convolutional(layers.Dense(128, activation="relu")), lambda: noise(64 * 15, 28, 28, 1), 64, [], {}),
}[kind]
x, y = data()


def answer(**values):
    print(json.dumps(values), flush=True)


class Turns(keras.callbacks.Callback):
    """Waits for its turn before an epoch, reports its seconds after."""

    def on_epoch_begin(self, epoch, logs=None):
        if not sys.stdin.readline():
            os._exit(0)
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        answer(epoch=time.perf_counter() - self.begun)


start = time.perf_counter()
keras.utils.set_random_seed(0)
model = keras.Sequential(build())
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=metrics)
model.train_on_batch(x[:batch], y[:batch])
answer(firstStep=time.perf_counter() - start)
model.fit(x, y, epochs=1_000_000, batch_size=batch, verbose=0, callbacks=[Turns()], **options)
