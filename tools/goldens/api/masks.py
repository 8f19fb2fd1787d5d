"""Goldens of masks: what layers do with the masks of two embedded sequences, and what they hand on.

Run: KERAS_BACKEND=jax python tools/goldens/api/masks.py
"""

from golden_file import encode, encode_all, write

import keras
import numpy as np
from keras import layers as L

CASES = []
IDS = [np.array([[1, 2, 0, 0], [3, 0, 1, 0]], dtype="int32"), np.array([[0, 2, 1, 0], [4, 4, 0, 0]], dtype="int32")]


def case(name, layer, masked=(True, True)):
    """The layer on embeddings of IDS; `masked` says which of them carry a mask."""
    rng = np.random.default_rng(70)
    tables = [rng.standard_normal((5, 3)).astype("float32") for _ in masked]
    embedded = []
    for ids, table, with_mask in zip(IDS, tables, masked):
        embedding = L.Embedding(5, 3, mask_zero=with_mask)
        embedding.build()
        embedding.set_weights([table])
        embedded.append(embedding(ids))
    inputs = embedded if len(masked) > 1 else embedded[0]
    layer.build([x.shape for x in embedded] if len(masked) > 1 else inputs.shape)
    weights = [rng.standard_normal(w.shape).astype("float32") for w in layer.weights]
    layer.set_weights(weights)
    output = layer(inputs)
    mask = keras.src.backend.get_keras_mask(output)
    CASES.append(
        {
            "name": name,
            "className": type(layer).__name__,
            "config": layer.get_config(),
            "masked": list(masked),
            "ids": encode_all(IDS[: len(masked)]),
            "tables": encode_all(tables),
            "weights": encode_all(weights),
            "output": encode(output),
            "mask": None if mask is None else encode(mask),
        }
    )


case("dense", L.Dense(2), (True,))
case("activation", L.Activation("tanh"), (True,))
case("layer normalization", L.LayerNormalization(), (True,))
case("batch normalization", L.BatchNormalization(), (True,))
case("dropout", L.Dropout(0.5, seed=1), (True,))
case("flatten loses it", L.Flatten(), (True,))
case("conv1d loses it", L.Conv1D(2, 2), (True,))
case("add", L.Add())
case("add with one mask", L.Add(), (True, False))
case("multiply", L.Multiply())
case("multiply with one mask", L.Multiply(), (True, False))
case("concatenate in time", L.Concatenate(axis=1))
case("concatenate features", L.Concatenate())
case("concatenate with one mask", L.Concatenate(axis=1), (True, False))
case("global average pooling", L.GlobalAveragePooling1D(), (True,))
case("global max pooling loses it", L.GlobalMaxPooling1D(), (True,))
case("masking", L.Masking(), (False,))
case("masking over a mask", L.Masking(), (True,))
case("subtract", L.Subtract())
case("average", L.Average())
case("maximum", L.Maximum())
case("maximum with one mask", L.Maximum(), (True, False))
case("minimum with the other mask", L.Minimum(), (False, True))
case("dot ends it", L.Dot(axes=-1))
case("spatial dropout", L.SpatialDropout1D(0.5, seed=1), (True,))
case("gaussian noise", L.GaussianNoise(0.5, seed=1), (True,))
case("group normalization", L.GroupNormalization(3), (True,))
case("rms normalization loses it", L.RMSNormalization(), (True,))
case("unit normalization", L.UnitNormalization(), (True,))
case("prelu", L.PReLU(), (True,))
case("zero padding loses it", L.ZeroPadding1D(), (True,))
write("masks", CASES)
