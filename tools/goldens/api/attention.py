"""Goldens of the attention layers: outputs, scores, gradients, first weights, masks, configs, and models that files hold.

Run: KERAS_BACKEND=jax python tools/goldens/api/attention.py
"""

import json

from golden_file import camel, encode, encode_all, write

import jax
import keras
import numpy as np
from keras import layers as L
from keras.src import backend

CASES = []
rng = np.random.default_rng(90)


def normal(*shape):
    return rng.standard_normal(shape).astype("float32")


def case(name, make, *shapes, as_list=False, masks=None, training=None, arrays=None, suppress=(), **call):
    """One call. `masks` lie on the inputs; `arrays` are options that are tensors."""
    keras.utils.set_random_seed(len(CASES) + 1)
    keras.backend.clear_session(free_memory=False)
    layer = make()
    layer.build(list(shapes)) if as_list else layer.build(*shapes)
    initial = [v.numpy() for v in layer.weights]
    for variable in layer.trainable_variables:
        variable.assign(normal(*variable.shape) * 0.5)
    xs = [normal(*s) for s in shapes]
    weights = [v.numpy() for v in layer.trainable_variables]
    state = [v.numpy() for v in layer.non_trainable_variables]
    options = {**call, **(arrays or {})}
    if training is not None:
        options["training"] = training
    found = {}

    def forward(tv, inputs):
        inputs = list(inputs)
        for i, mask in enumerate(masks or []):
            if mask is not None:
                backend.set_keras_mask(inputs[i], jax.numpy.asarray(mask))
        args = [inputs] if as_list else inputs
        # Not stateless_call, which takes no masks from tensors.
        variables = layer.trainable_variables + layer.non_trainable_variables
        with keras.StatelessScope(state_mapping=list(zip(variables, [*tv, *state]))) as scope:
            out = layer(*args, **options)
        outs = list(out) if isinstance(out, (tuple, list)) else [out]
        found["mask"] = backend.get_keras_mask(outs[0])
        values = [scope.get_current_value(v) for v in layer.non_trainable_variables]
        return outs, [v.value if new is None else new for v, new in zip(layer.non_trainable_variables, values)]

    outs, vjp, ntv = jax.vjp(forward, weights, xs, has_aux=True)
    cotangents = [normal(*o.shape) for o in outs]
    gw, gx = vjp([jax.numpy.asarray(c) for c in cotangents])
    mask = found["mask"]
    CASES.append(
        {
            "name": name,
            "className": type(layer).__name__,
            "asList": as_list,
            "seed": len(CASES) + 1,
            "config": layer.get_config(),
            "build": layer.get_build_config(),
            "inputs": encode_all(xs),
            "masks": None if masks is None else [None if m is None else encode(m) for m in masks],
            "options": {camel(k): v for k, v in call.items()},
            "arrays": {camel(k): encode(v) for k, v in (arrays or {}).items()},
            "training": training,
            "initial": encode_all(initial),
            "weights": encode_all(weights),
            "state": encode_all(state),
            "names": [v.path.split("/", 1)[1] for v in layer.weights],
            "outputs": encode_all(outs),
            "cotangents": encode_all(cotangents),
            "inputGradients": encode_all(gx),
            "weightGradients": encode_all(gw),
            "newState": encode_all(ntv),
            "mask": None if mask is None else encode(mask),
        }
    )


Q, V = (2, 4, 6), (2, 5, 6)
QUERY_MASK = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
VALUE_MASK = np.array([[1, 0, 1, 1, 0], [1, 1, 1, 1, 1]], dtype=bool)
SEEN = rng.integers(0, 2, (2, 4, 5)).astype(bool)
SEEN[:, 1] = False


def multi_head():
    M = L.MultiHeadAttention
    case("multi head", lambda: M(2, 3), Q, V)
    case("multi head key", lambda: M(2, 3), Q, V, (2, 5, 4))
    case("multi head self causal", lambda: M(3, 2), Q, Q, use_causal_mask=True)
    case("multi head causal longer", lambda: M(2, 3, use_bias=False), Q, V, use_causal_mask=True)
    case("multi head scores", lambda: M(2, 3, value_dim=4), Q, V, return_attention_scores=True)
    case("multi head masks", lambda: M(2, 3), Q, V, masks=[QUERY_MASK, VALUE_MASK])
    case("multi head masks causal", lambda: M(2, 3), Q, V, masks=[QUERY_MASK, VALUE_MASK], use_causal_mask=True)
    case("multi head masks scores", lambda: M(2, 3), Q, V, masks=[QUERY_MASK, VALUE_MASK], return_attention_scores=True)
    case("multi head key mask", lambda: M(2, 3), Q, V, V, masks=[None, None, VALUE_MASK])
    case("multi head attention mask", lambda: M(2, 3), Q, V, arrays={"attention_mask": SEEN})
    case("multi head attention mask of ints", lambda: M(2, 3), Q, V, arrays={"attention_mask": SEEN.astype("int32")}, use_causal_mask=True)
    case("multi head value mask given", lambda: M(2, 3), Q, V, arrays={"value_mask": VALUE_MASK, "attention_mask": SEEN})
    case("multi head window", lambda: M(2, 3, sliding_window=2), Q, V)
    case("multi head window causal scores", lambda: M(2, 3, sliding_window=2), Q, Q, use_causal_mask=True, return_attention_scores=True)
    case("multi head gate", lambda: M(2, 3, use_gate=True), Q, V)
    case("multi head output shape", lambda: M(2, 3, output_shape=(2, 4)), Q, V)
    case("multi head output size", lambda: M(2, 3, output_shape=5, value_dim=2, dropout=0.25, seed=3), Q, V)
    case("multi head dropout training", lambda: M(2, 3, dropout=0.4, seed=9), Q, V, training=True)
    case("multi head dropout causal", lambda: M(2, 3, dropout=0.4), Q, Q, training=True, use_causal_mask=True)
    case("multi head rank 4", lambda: M(2, 3), (2, 2, 3, 4), (2, 3, 2, 4))
    case("multi head one axis of rank 4", lambda: M(2, 3, attention_axes=2), (2, 2, 3, 4), (2, 2, 5, 4))
    case("multi head axis from the end", lambda: M(2, 3, attention_axes=[-2]), (2, 2, 3, 4), (2, 2, 5, 4), return_attention_scores=True)
    case(
        "multi head configured",
        lambda: M(
            2, 3,
            kernel_initializer="he_normal",
            bias_initializer="random_normal",
            kernel_regularizer="l2",
            bias_regularizer="l1",
            activity_regularizer="l2",
            kernel_constraint="max_norm",
            bias_constraint="non_neg",
            use_gate=True,
        ),
        Q, V,
    )


def group_query():
    G = L.GroupQueryAttention
    case("group query", lambda: G(3, 4, 2), Q, V)
    case("group query one head", lambda: G(2, 3, 1, use_bias=False), Q, V, V)
    case("group query causal", lambda: G(3, 4, 2), Q, Q, use_causal_mask=True)
    case("group query scores", lambda: G(3, 4, 2), Q, V, return_attention_scores=True)
    case("group query masks", lambda: G(3, 4, 2), Q, V, masks=[QUERY_MASK, VALUE_MASK])
    case("group query query mask given", lambda: G(3, 4, 2), Q, V, arrays={"query_mask": QUERY_MASK, "attention_mask": SEEN})
    case("group query window gate", lambda: G(3, 2, 2, sliding_window=2, use_gate=True), Q, V)
    case("group query dropout", lambda: G(3, 4, 2, dropout=0.3), Q, V, training=True, use_causal_mask=True)
    case("group query regularized", lambda: G(3, 4, 2, activity_regularizer="l1", seed=3), Q, V)


def scored():
    case("attention", lambda: L.Attention(), Q, V, as_list=True)
    case("attention key", lambda: L.Attention(use_scale=True), Q, (2, 5, 3), V, as_list=True)
    case("attention causal", lambda: L.Attention(use_scale=True), Q, V, as_list=True, use_causal_mask=True)
    case("attention scores", lambda: L.Attention(), Q, V, as_list=True, return_attention_scores=True, use_causal_mask=True)
    case("attention masks", lambda: L.Attention(), Q, V, as_list=True, masks=[QUERY_MASK, VALUE_MASK])
    case("attention query mask", lambda: L.Attention(), Q, V, as_list=True, masks=[QUERY_MASK, None])
    case("attention masks causal", lambda: L.Attention(), Q, V, as_list=True, masks=[None, VALUE_MASK], use_causal_mask=True)
    case("attention concat", lambda: L.Attention(score_mode="concat"), Q, V, as_list=True)
    case("attention concat scaled", lambda: L.Attention(use_scale=True, score_mode="concat"), Q, V, as_list=True, masks=[QUERY_MASK, None], use_causal_mask=True)
    case("attention dropout", lambda: L.Attention(dropout=0.4, seed=5), Q, V, as_list=True, training=True, return_attention_scores=True)
    case("attention rank 4", lambda: L.Attention(), (2, 3, 4, 6), (2, 3, 5, 6), as_list=True)
    case("additive attention", lambda: L.AdditiveAttention(), Q, V, as_list=True)
    case("additive attention no scale", lambda: L.AdditiveAttention(use_scale=False), Q, V, as_list=True, use_causal_mask=True)
    case("additive attention masks", lambda: L.AdditiveAttention(dropout=0.3), Q, V, as_list=True, masks=[QUERY_MASK, VALUE_MASK], training=True)


def models():
    """Models as files hold them, with every place that arguments of a call can have."""
    keras.utils.set_random_seed(5)
    query, value = keras.Input((4, 6)), keras.Input((5, 6))
    ids = keras.Input((4,), dtype="int32")
    seen = keras.Input((4, 5), dtype="bool")
    x, scores = L.MultiHeadAttention(2, 3)(query, value, attention_mask=seen, return_attention_scores=True)
    x = L.GroupQueryAttention(3, 4, 2)(x, value, key=value, use_causal_mask=True)
    x = L.Attention()([x, value], use_causal_mask=True)
    embedded = L.Embedding(5, 6, mask_zero=True)(ids)
    x = L.MultiHeadAttention(3, 2)(x, embedded, embedded)
    x = L.AdditiveAttention()([x, embedded])
    x = L.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d")(x)
    model = keras.Model([query, value, ids, seen], [x, scores])
    inputs = [normal(2, 4, 6), normal(2, 5, 6), np.array([[1, 2, 0, 0], [3, 0, 1, 4]], "int32"), SEEN]
    return {
        "json": json.loads(model.to_json()),
        "paths": [w.path for w in model.weights],
        "weights": encode_all(model.get_weights()),
        "inputs": encode_all(inputs),
        "outputs": encode_all(model(inputs)),
    }


multi_head()
group_query()
scored()
CASES.append({"name": "model", "model": models()})
write("attention", CASES)
