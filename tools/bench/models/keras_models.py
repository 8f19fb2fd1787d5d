"""The models of data.mjs in Keras, and the digits model of the README."""

import json
import os
import sys

import keras
import numpy as np
from keras import layers

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from hashed_numbers import hashed


def load_digits(folder):
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


def integers(shape, seed, limit):
    return np.floor((hashed(shape, seed).astype("float64") + 0.5) * limit).astype("int32")


def data_of(spec, count):
    shape = (count, *spec["input"])
    x = integers(shape, 0, spec["vocabulary"]) if "vocabulary" in spec else hashed(shape, 0) + np.float32(0.5)
    return x, integers(shape if spec.get("everywhere") else (count,), 1, spec["classes"])


def convolutional(*head):
    return keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            *head,
            layers.Dense(10, activation="softmax"),
        ]
    )


def perceptron():
    return keras.Sequential(
        [
            keras.Input([784]),
            layers.Dense(256, activation="relu"),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def recurrent():
    return keras.Sequential(
        [
            keras.Input([50], dtype="int32"),
            layers.Embedding(5000, 64),
            layers.LSTM(128),
            layers.Dense(2, activation="softmax"),
        ]
    )


def block(x):
    queries = layers.LayerNormalization()(x)
    attended = layers.Add()([x, layers.MultiHeadAttention(4, 32)(queries, queries, use_causal_mask=True)])
    hidden = layers.Dense(512, activation="relu")(layers.LayerNormalization()(attended))
    return layers.Add()([attended, layers.Dense(128)(hidden)])


def transformer():
    tokens = keras.Input([64], dtype="int32")
    states = block(block(layers.Embedding(1000, 128)(tokens)))
    outputs = layers.Dense(1000, activation="softmax")(layers.LayerNormalization()(states))
    return keras.Model(tokens, outputs)


builders = {
    "digits": lambda: convolutional(layers.Dropout(0.5)),
    "mlp": perceptron,
    "cnn": lambda: convolutional(layers.Dense(128, activation="relu")),
    "lstm": recurrent,
    "transformer": transformer,
}


def with_known_weights(model):
    """The weights of weightOf in data.mjs."""
    model.set_weights([hashed(w.shape, 100 + place) * np.float32(0.3) for place, w in enumerate(model.weights)])
    return model
