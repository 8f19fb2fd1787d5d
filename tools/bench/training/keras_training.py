"""A contestant: builds a model, makes its first step, then trains an epoch whenever a line comes in.

usage: KERAS_BACKEND=jax|tensorflow keras_training.py MODEL SPEC_AS_JSON DIGITS_FOLDER

The models and data are those of models/. Prints one JSON object a line.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "models"))
from keras_models import builders, data_of, load_digits, with_known_weights

kind, spec, folder = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
if kind == "digits":
    (x, y), batch, metrics, options = load_digits(folder), 128, ["accuracy"], {"validation_split": 0.1}
else:
    (x, y), batch, metrics, options = data_of(spec, spec["batch"] * spec["steps"]), spec["batch"], [], {}


def answer(**values):
    print(json.dumps(values), flush=True)


class Turns(keras.callbacks.Callback):
    """Waits for its turn before an epoch, reports its seconds after."""

    def on_epoch_begin(self, epoch, logs=None):
        if not sys.stdin.readline():
            os._exit(0)
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds = time.perf_counter() - self.begun
        answer(epoch=seconds, step=seconds / (len(y) / batch))


start = time.perf_counter()
keras.utils.set_random_seed(0)
model = builders[kind]()
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=metrics)
model.train_on_batch(x[:batch], y[:batch])
first_step = time.perf_counter() - start


def learned():
    """learnedIn of data.mjs, by a fresh model with known weights."""
    known = with_known_weights(builders[kind]())
    known.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    losses = [float(known.train_on_batch(x[:batch], y[:batch])) for _ in range(3)]
    change = losses[-1] - losses[0]
    return {"sum": change, "norm": 5 * abs(change)}


answer(firstStep=first_step, prints={} if kind == "digits" else {"step": learned()})
model.fit(x, y, epochs=1_000_000, batch_size=batch, verbose=0, callbacks=[Turns()], **options)
