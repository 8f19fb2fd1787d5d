"""Goldens of recurrent layers and their wrappers: outputs, states, gradients, configs of Keras on JAX.

Run: KERAS_BACKEND=jax python tools/goldens/api/recurrent.py
"""

from golden_file import encode, encode_all, write

import jax
import keras
import numpy as np
from keras import layers as L
from keras import tree

CASES = []
MASK = np.array([[True, True, False, True, False], [False, True, True, True, True], [False, False, False, False, False]])


def randomize(layer, rng):
    for variable in layer.variables:
        if "seed" in variable.path:
            continue
        value = rng.standard_normal(variable.shape).astype("float32") * 0.4
        variable.assign(np.abs(value) + 0.1 if "variance" in variable.name else value)


def flat_shapes(shapes):
    if all(size is None or isinstance(size, int) for size in shapes):
        return [list(shapes)]
    return [shape for item in shapes for shape in flat_shapes(item)]


def case(name, make, shape=(3, 5, 4), mask=None, states=None, training=None):
    """`states` are shapes of the initial states."""
    keras.backend.clear_session(free_memory=False)
    rng = np.random.default_rng(len(CASES) + 100)
    layer = make()
    x = rng.standard_normal(shape).astype("float32")
    initial = [rng.standard_normal(s).astype("float32") * 0.5 for s in states or []]
    config = layer.get_config()
    layer.build(shape)
    randomize(layer, rng)
    state = [v.numpy() for v in layer.non_trainable_variables]
    weights = [v.numpy() for v in layer.trainable_variables]
    call = {}
    if training is not None:
        call["training"] = training
    if mask is not None:
        call["mask"] = mask

    def forward(tv, x, initial):
        extra = {"initial_state": list(initial)} if initial else {}
        out, ntv = layer.stateless_call(tv, state, x, **call, **extra)
        return [o for o in tree.flatten(out)], ntv

    out, vjp, ntv = jax.vjp(forward, weights, x, initial, has_aux=True)
    cotangents = [rng.standard_normal(o.shape).astype("float32") for o in out]
    gw, gx, gi = vjp(cotangents)
    free = (None, *shape[1:])
    shapes = layer.compute_output_shape(free)
    out_mask = layer.compute_mask(x, mask) if mask is not None else None
    CASES.append(
        {
            "name": name,
            "className": type(layer).__name__,
            "config": config,
            "input": encode(x),
            "mask": None if mask is None else encode(mask),
            "initial": encode_all(initial),
            "training": training,
            "weights": encode_all(weights),
            "state": encode_all(state),
            "paths": [v.path for v in layer.weights],
            "outputs": encode_all(out),
            "newState": encode_all(ntv),
            "cotangents": encode_all(cotangents),
            "weightGradients": encode_all(gw),
            "inputGradient": encode(gx),
            "initialGradients": encode_all(gi),
            "outputShapes": flat_shapes(shapes),
            "masked": [m is not None for m in tree.flatten(out_mask)] if out_mask is not None else [],
        }
    )


def plain():
    for make in [L.SimpleRNN, L.LSTM, L.GRU]:
        kind = make.__name__
        count = 2 if kind == "LSTM" else 1
        case(f"{kind}", lambda: make(3))
        case(f"{kind} sequences", lambda: make(3, return_sequences=True))
        case(f"{kind} states", lambda: make(3, return_state=True))
        case(f"{kind} sequences and states backwards", lambda: make(3, return_sequences=True, return_state=True, go_backwards=True))
        case(f"{kind} initial state", lambda: make(3, return_sequences=True, return_state=True), states=[(3, 3)] * count)
        case(f"{kind} mask", lambda: make(3), mask=MASK)
        case(f"{kind} mask sequences", lambda: make(3, return_sequences=True, return_state=True), mask=MASK)
        case(f"{kind} mask zero output", lambda: make(3, return_sequences=True, zero_output_for_mask=True), mask=MASK)
        case(f"{kind} mask zero output last", lambda: make(3, zero_output_for_mask=True), mask=MASK)
        case(f"{kind} mask backwards", lambda: make(3, return_sequences=True, go_backwards=True), mask=MASK)
        case(f"{kind} unroll", lambda: make(3, return_sequences=True, return_state=True, unroll=True))
        case(f"{kind} unroll mask backwards", lambda: make(3, return_sequences=True, return_state=True, unroll=True, go_backwards=True), mask=MASK)
        case(f"{kind} one step", lambda: make(3, return_sequences=True), shape=(2, 1, 4))
        case(f"{kind} no bias", lambda: make(3, use_bias=False, activation="relu"))
        case(f"{kind} dropout", lambda: make(3, dropout=0.4, seed=3, return_sequences=True), training=True)
        case(f"{kind} dropout inference", lambda: make(3, dropout=0.4, recurrent_dropout=0.2, seed=3), training=False)
        case(f"{kind} recurrent dropout", lambda: make(3, recurrent_dropout=0.4, seed=4, return_sequences=True), training=True)
        case(f"{kind} both dropouts", lambda: make(3, dropout=0.3, recurrent_dropout=0.4, seed=5), training=True)
        case(
            f"{kind} config",
            lambda: make(
                2,
                kernel_initializer="he_normal",
                recurrent_initializer="glorot_uniform",
                bias_initializer=keras.initializers.Constant(0.5),
                kernel_regularizer="l2",
                recurrent_regularizer="l1",
                bias_regularizer="l1",
                activity_regularizer="l2",
                kernel_constraint="max_norm",
                recurrent_constraint="non_neg",
                bias_constraint="unit_norm",
                name="named",
            ),
        )
    case("GRU reset before", lambda: L.GRU(3, reset_after=False, return_sequences=True))
    case("GRU reset before recurrent dropout", lambda: L.GRU(3, reset_after=False, recurrent_dropout=0.3, seed=1), training=True)
    case("GRU hard sigmoid", lambda: L.GRU(3, recurrent_activation="hard_sigmoid"))
    case("LSTM no unit forget bias", lambda: L.LSTM(3, unit_forget_bias=False, recurrent_activation="hard_sigmoid"))
    case("LSTM long", lambda: L.LSTM(6, return_sequences=True), shape=(2, 40, 3))


def stacked():
    cells = lambda: [L.LSTMCell(3), L.GRUCell(4), L.SimpleRNNCell(2)]
    case("RNN of a cell", lambda: L.RNN(L.LSTMCell(3), return_sequences=True))
    case("RNN of cells", lambda: L.RNN(cells()))
    case("RNN of cells with states", lambda: L.RNN(cells(), return_sequences=True, return_state=True))
    case("RNN of cells mask", lambda: L.RNN(cells(), return_sequences=True), mask=MASK)
    case("RNN of cells dropout", lambda: L.RNN([L.GRUCell(3, dropout=0.3, seed=1), L.LSTMCell(2, recurrent_dropout=0.2, seed=2)]), training=True)


def wrapped():
    for mode in ["concat", "sum", "mul", "ave", None]:
        case(f"Bidirectional {mode}", lambda: L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode=mode))
        case(f"Bidirectional last {mode}", lambda: L.Bidirectional(L.GRU(3), merge_mode=mode))
    case("Bidirectional mask", lambda: L.Bidirectional(L.GRU(3, return_sequences=True)), mask=MASK)
    case("Bidirectional states", lambda: L.Bidirectional(L.LSTM(3, return_state=True)))
    case(
        "Bidirectional initial states",
        lambda: L.Bidirectional(L.SimpleRNN(3, return_sequences=True, return_state=True)),
        states=[(3, 3)] * 2,
    )
    case(
        "Bidirectional own backward layer",
        lambda: L.Bidirectional(L.LSTM(3), backward_layer=L.GRU(3, go_backwards=True)),
    )
    case("TimeDistributed dense", lambda: L.TimeDistributed(L.Dense(2, activation="tanh")))
    case("TimeDistributed conv", lambda: L.TimeDistributed(L.Conv2D(2, 2)), shape=(2, 3, 4, 4, 2))
    case("TimeDistributed norm training", lambda: L.TimeDistributed(L.BatchNormalization()), training=True)
    case("TimeDistributed norm inference", lambda: L.TimeDistributed(L.BatchNormalization()), training=False)
    case("TimeDistributed dropout", lambda: L.TimeDistributed(L.Dropout(0.5, seed=9)), training=True)
    case("TimeDistributed mask", lambda: L.TimeDistributed(L.Dense(2)), mask=MASK)


plain()
stacked()
wrapped()
write("recurrent", CASES)
