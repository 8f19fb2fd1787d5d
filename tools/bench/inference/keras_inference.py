"""A contestant: predicts with a model of Keras.

usage: KERAS_BACKEND=jax|tensorflow keras_inference.py MODEL SPEC_AS_JSON
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "models"))
from keras_models import builders, data_of, with_known_weights

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from hashed_numbers import fingerprint
from timing import time_of

kind, spec = sys.argv[1], json.loads(sys.argv[2])
batch, batches = spec["batch"], spec["steps"]
x, _ = data_of(spec, batch * batches)
model = with_known_weights(builders[kind]())


def predict(samples=x):
    return model.predict(samples, batch_size=batch, verbose=0)


def predict_one():
    """Keras' fastest way for one sample."""
    return np.asarray(model.predict_on_batch(x[:1]))


print(json.dumps({"prints": {"predictions": fingerprint(predict(x[:batch]))}}), flush=True)
while sys.stdin.readline():
    print(json.dumps({"batch": time_of(predict, 0.2) / batches, "one": time_of(predict_one, 0.1)}), flush=True)
