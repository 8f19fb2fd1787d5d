"""Goldens of loss scaling: `mixed_float16` models trained by Keras, with their files.

Run: KERAS_BACKEND=jax python tools/goldens/loss_scale.py
"""

import base64
import gzip
import json
import os
import pathlib
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

PATH = pathlib.Path(__file__).parents[2] / "packages/api/goldens/loss-scale.json.gz"


def grid(*shape, step=7919):
    """Numbers in [-1, 1) by a rule that is exact in any language."""
    index = np.arange(np.prod(shape), dtype=np.int64)
    return ((index * step + 13) % 1000 / 500.0 - 1.0).astype("float32").reshape(shape)


def growing():
    return keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(0.1, momentum=0.5), initial_scale=2.0**9, dynamic_growth_steps=3
    )


CASES = {
    # Scales as `compile` chooses them.
    "automatic": (lambda: keras.optimizers.SGD(0.1, momentum=0.5), 1.0),
    # The first gradients do not fit float16: steps are skipped and the scale falls.
    "overflowing": (lambda: keras.optimizers.SGD(1e-3), 50.0),
    "growing": (growing, 1.0),
    # Up to where gradients overflow, and down again.
    "limit": (
        lambda: keras.optimizers.LossScaleOptimizer(
            keras.optimizers.RMSprop(0.01), initial_scale=2.0**14, dynamic_growth_steps=2
        ),
        20.0,
    ),
}


def state(model):
    return [
        {"path": v.path, "dtype": v.dtype, "values": np.ravel(keras.ops.convert_to_numpy(v)).tolist()}
        for v in model.optimizer.variables
    ]


def contents(model):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.keras")
        model.save(path)
        return base64.b64encode(path.read_bytes()).decode()


def reopened(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.keras")
        path.write_bytes(base64.b64decode(text))
        return keras.saving.load_model(path)


def case(make, size):
    keras.utils.clear_session()
    keras.config.set_dtype_policy("mixed_float16")
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8, "tanh"), layers.Dense(3)])
    model.compile(make(), "mse")
    before = contents(model)
    x, y = grid(16, 6), grid(16, 3, step=5003) * size
    history, scales, counters = [], [], []
    for _ in range(8):
        history += model.fit(x, y, batch_size=16, verbose=0).history["loss"]
        counter, scale = model.optimizer.variables[2:4]
        counters.append(int(counter.value))
        scales.append(float(scale.value))
    result = {
        "size": size,
        "before": before,
        "history": history,
        "scales": scales,
        "counters": counters,
        # Paths in a model from a file are shorter.
        "state": state(reopened(contents(model))),
        "weights": [np.ravel(w).tolist() for w in model.get_weights()],
        "compile": model.get_compile_config()["optimizer"],
        "after": contents(model),
    }
    result["more"] = model.fit(x, y, batch_size=16, epochs=3, verbose=0).history["loss"]
    return result


PATH.write_bytes(
    gzip.compress(json.dumps({name: case(*arguments) for name, arguments in CASES.items()}).encode(), mtime=0)
)
