"""Goldens of the progress bar: what Keras' Progbar writes for given times and values.

Run: KERAS_BACKEND=jax python tools/goldens/progress_bar.py
"""

import io
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

from keras.src.utils import progbar

PATH = pathlib.Path(__file__).parents[2] / "packages/api/goldens/progress-bar.json"
# target, verbose, [[time, step, {metric: value}, last?]]
SCRIPTS = [
    [10, 1, [[0.5, 1, {"loss": 2.25}, False], [0.52, 2, {"loss": 2.0}, False], [0.9, 5, {"acc": 0.5, "loss": 1.5}, False],
             [2.0, 10, {"acc": 0.75, "loss": 0.00012345}, True]]],
    [1234, 1, [[3.0, 1, {"loss": 1e-3}, False], [4.0, 2, {"loss": 12.5}, False], [100.0, 100, {"loss": -3.25}, False],
               [4000.0, 120, {"loss": 0.5}, False], [4100.0, 1234, {"loss": float("nan")}, True]]],
    [None, 1, [[0.2, 1, {"loss": 1.0}, False], [0.9, 7, {"loss": 0.25}, False]]],
    [20, 2, [[0.2, 1, {}, False], [7.5, 20, {"accuracy": 0.96, "loss": 0.1, "val_loss": 1e-9}, True]]],
    [3, 1, [[0.0001, 1, {}, False], [0.0003, 3, {"mae": 0.00005}, True]]],
    [5, 1, [[0.5, 2, {"loss": 1.0}, False], [1.0, 4, {"loss": 0.5}, False], [4.0, 6, {"loss": 0.25}, False], [4.5, 5, {"loss": 0.25}, True]]],
]


def run(target, verbose, updates):
    now = [0.0]
    progbar.time.time = lambda: now[0]
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        bar = progbar.Progbar(target, verbose=verbose, stateless_metrics=set())
        bar._dynamic_display = True
        texts = []
        for time, step, values, last in updates:
            now[0] = time
            bar.update(step, list(values.items()), finalize=last)
            texts.append(sys.stdout.getvalue())
            sys.stdout.truncate(0)
            sys.stdout.seek(0)
    finally:
        sys.stdout = out
    return {"target": target, "verbose": verbose, "updates": updates, "texts": texts}


def clean(value):
    if isinstance(value, float) and value != value:
        return "nan"
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    return [clean(v) for v in value] if isinstance(value, list) else value


PATH.write_text(json.dumps([clean(run(*script)) for script in SCRIPTS], ensure_ascii=False, separators=(",", ":")) + "\n")
