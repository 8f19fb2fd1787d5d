// @ts-check
/** Writes ONNX models: as much of onnx.proto3 as these models need. */

import protobuf from 'protobufjs';

const schema = protobuf
  .parse(`
syntax = "proto3";
message ModelProto { int64 ir_version = 1; GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated AttributeProto attribute = 5;
}
message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto { Tensor tensor_type = 1; message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; message Dimension { int64 dim_value = 1; } }
`)
  .root.lookupType('ModelProto');

const elementTypes = { float32: 1, int32: 6, Float32Array: 1, BigInt64Array: 7 };
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 };

/** @typedef {{ name: string, shape: readonly number[], data: Float32Array | BigInt64Array }} Initializer */
/** @typedef {{ op: string, inputs: readonly string[], outputs: readonly string[], attributes?: Record<string, number | string | readonly number[] | { float: number }> }} Node */
/** @typedef {{ name: string, shape: readonly number[], dtype?: 'float32' | 'int32' }} Value */

function attribute([name, value]) {
  if (typeof value === 'string') return { name, type: attributeTypes.string, s: Buffer.from(value) };
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (Array.isArray(value)) return { name, type: attributeTypes.ints, ints: value };
  return { name, type: attributeTypes.float, f: value.float };
}

/** @param {Value} value */
function valueInfo({ name, shape, dtype = 'float32' }) {
  const dimensions = shape.map((axis) => ({ dimValue: axis }));
  return { name, type: { tensorType: { elemType: elementTypes[dtype], shape: { dim: dimensions } } } };
}

/**
 * @param {{ nodes: readonly Node[], initializers: readonly Initializer[], inputs: readonly Value[], outputs: readonly Value[] }} graph
 * @returns {Uint8Array}
 */
export function onnxModel({ nodes, initializers, inputs, outputs }) {
  const model = schema.create({
    irVersion: 10,
    opsetImport: [{ domain: '', version: 20 }],
    graph: {
      name: 'bench',
      node: nodes.map(({ op, inputs: from, outputs: to, attributes = {} }) => ({
        ...{ name: to.join(' '), opType: op, input: from, output: to },
        attribute: Object.entries(attributes).map(attribute),
      })),
      initializer: initializers.map(({ name, shape, data }) => ({
        ...{ name, dims: shape, dataType: elementTypes[data.constructor.name] },
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    },
  });
  return schema.encode(model).finish();
}
