#!/usr/bin/env python3
"""Compile StableHLO modules with XLA's CPU compiler (through JAX's client) and run them.

usage: run.py < requests.jsonl > responses.jsonl

Each request is one line: {"text": module, "inputs": [{"dtype": "float32", "shape": [2], "data": base64}]}
Each response is one line: {"outputs": [{"dtype": …, "shape": …, "data": …}]} or {"error": message}.
With "compileOnly": true the answer is {"outputs": []}. With "topology": "v5e:2x2" the module is compiled for one device of
that TPU topology, for which no TPU is needed; the answer is {"outputs": []}.
Needs: pip install jax numpy, and libtpu for topologies
"""

import base64
import json
import os
import sys

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import ml_dtypes
import numpy as np
from jax._src import xla_bridge
from jaxlib import _jax, xla_client

jax.config.update("jax_enable_x64", True)


def dtype_of(name):
    return np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)


def decode(value):
    data = np.frombuffer(base64.b64decode(value["data"]), dtype_of(value["dtype"]))
    return jax.device_put(data.reshape(value["shape"]))


def encode(array):
    array = np.ascontiguousarray(np.asarray(array))
    data = base64.b64encode(array.tobytes()).decode()
    return {"dtype": str(array.dtype), "shape": array.shape, "data": data}


def compile_for_tpu(text, topology):
    os.environ["TPU_SKIP_MDS_QUERY"] = "1"
    from jax._src.interpreters import mlir
    from jax._src.lib.mlir import ir
    from jax.experimental import topologies

    devices = topologies.get_topology_desc(topology, "tpu").devices
    with mlir.make_ir_context():
        module = ir.Module.parse(text)
        devices[0].client.compile(module, _jax.DeviceList(tuple(devices[:1])), xla_client.CompileOptions())


def run(request):
    if "topology" in request:
        compile_for_tpu(request["text"], request["topology"])
        return []
    backend = xla_bridge.get_backend("cpu")
    devices = _jax.DeviceList(tuple(backend.local_devices()[:1]))
    executable = backend.compile_and_load(request["text"], devices, xla_client.CompileOptions())
    if request.get("compileOnly"):
        return []
    results = executable.execute_sharded([decode(value) for value in request["inputs"]])
    return [encode(shards[0]) for shards in results.disassemble_into_single_device_arrays()]


def main():
    for line in sys.stdin:
        try:
            response = {"outputs": run(json.loads(line))}
        except Exception as error:  # the compiler's own errors have no common class
            response = {"error": str(error)}
        print(json.dumps(response), flush=True)


if __name__ == "__main__":
    main()
