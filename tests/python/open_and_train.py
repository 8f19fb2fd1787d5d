"""Opens a `.keras` file in Keras, predicts, trains two more steps, predicts again.

usage: open_and_train.py MODEL.keras < data.json        data: {"x": [array …], "y": [array …]}, array: {dtype, shape, data}
Prints {"before": [[…], …], "after": [[…], …]}: the outputs, flat.
"""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import keras
import numpy as np


def arrays(listed):
    made = [np.array(a["data"], a["dtype"]).reshape(a["shape"]) for a in listed]
    return made if len(made) > 1 else made[0]


def flat(outputs):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return [[float(v) for v in np.asarray(output).ravel()] for output in outputs]


data = json.load(sys.stdin)
x, y = arrays(data["x"]), arrays(data["y"])
model = keras.saving.load_model(sys.argv[1])
before = flat(model.predict(x, verbose=0))
for _ in range(2):
    model.train_on_batch(x, y)
print(json.dumps({"before": before, "after": flat(model.predict(x, verbose=0))}))
