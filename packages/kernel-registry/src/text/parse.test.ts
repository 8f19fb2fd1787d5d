import { describe, expect, test } from 'vitest';
import { isCeratopsError } from '../errors.js';
import { evaluateProgram } from '../evaluator/index.js';
import { parseStableHLO } from './index.js';

function main(body: string, signature = '(%x: tensor<2xf32>) -> tensor<2xf32>'): string {
  return `module @m {\n  func.func public @main${signature} {\n${body}\n  }\n}\n`;
}

/** The code and message of the error that the text gives. */
function failure(text: string): string {
  try {
    parseStableHLO(text);
  } catch (error) {
    return isCeratopsError(error) ? `${error.code} ${error.message}` : String(error);
  }
  return 'no error';
}

describe('errors say where and what', () => {
  test.each([
    [
      'unknown value',
      main('    %0 = stablehlo.add %x, %y : tensor<2xf32>\n    return %0 : tensor<2xf32>'),
      'MALFORMED_INPUT StableHLO 3:5: unknown value %y, expected a value defined before',
    ],
    [
      'unreadable character',
      main('    %0 = stablehlo.add %x, ! : tensor<2xf32>'),
      'MALFORMED_INPUT StableHLO 3:28: unreadable character, expected a token',
    ],
    [
      'unknown element type',
      main('    %0 = stablehlo.negate %x : tensor<2xf31>'),
      'MALFORMED_INPUT StableHLO 3:41: unknown element type',
    ],
    [
      'dynamic shape',
      main('    return %x : tensor<2xf32>', '(%x: tensor<?xf32>) -> tensor<2xf32>'),
      'StableHLO 2:37: dynamic shape',
    ],
    [
      'wrong result type',
      main('    %0 = stablehlo.negate %x : tensor<3xf32>\n    return %0 : tensor<3xf32>'),
      'MALFORMED_INPUT StableHLO 3:5: stablehlo.negate is declared to give float32[3], expected float32[2]',
    ],
    [
      'missing attribute',
      main('    %0 = "stablehlo.transpose"(%x) : (tensor<2xf32>) -> tensor<2xf32>\n    return %0 : tensor<2xf32>'),
      'MALFORMED_INPUT StableHLO 3:5: stablehlo.transpose lacks an attribute or has an unfit one, expected permutation = integers',
    ],
    [
      'unknown op',
      main('    %0 = stablehlo.collective_broadcast %x : tensor<2xf32>\n    return %0 : tensor<2xf32>'),
      'UNSUPPORTED StableHLO 3:5: no import for stablehlo.collective_broadcast',
    ],
    [
      'wrong number of elements',
      main('    %0 = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<2xf32>\n    return %0 : tensor<2xf32>'),
      'MALFORMED_INPUT StableHLO 3:29: a constant of 3 elements, expected 2 elements for float32[2]',
    ],
    [
      'missing return',
      main('    %0 = call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>'),
      'expected a return at the end of the block',
    ],
    [
      'recursion',
      main('    %0 = call @main(%x) : (tensor<2xf32>) -> tensor<2xf32>\n    return %0 : tensor<2xf32>'),
      'MALFORMED_INPUT StableHLO 3:5: @main calls itself',
    ],
    [
      'truncated module',
      'module @m {',
      "MALFORMED_INPUT StableHLO 1:12: unexpected text, expected '}', received the end of the text",
    ],
    ['trailing text', 'module {} trailing', 'expected the end of the text'],
    ['empty text', '', 'unknown function, expected a function @main'],
  ])('%s', (_, text, message) => {
    expect(failure(text)).toContain(message);
  });
});

describe('what XLA and JAX write', () => {
  test('comments, locations, attributes of functions and results', () => {
    const program = parseStableHLO(`
// a comment
#loc = loc(unknown)
module @jit_f attributes {mhlo.num_partitions = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> {mhlo.layout_mode = "default"} loc("x")) -> (tensor<2xf32> {jax.result_info = ""}) {
    %0 = stablehlo.add %arg0, %arg0 : tensor<2xf32> loc(#loc)
    return %0 : tensor<2xf32> loc(#loc)
  } loc(#loc)
} loc(#loc)
#loc1 = loc("f"(#loc))
`);
    expect(evaluateProgram(program, [Float32Array.of(1, 2)])).toEqual([Float32Array.of(2, 4)]);
  });

  test('a while whose regions capture values', () => {
    const program = parseStableHLO(`
func.func @main(%limit: tensor<i32>, %step: tensor<i32>) -> tensor<i32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.while(%i = %zero) : tensor<i32>
    cond {
    %1 = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %step : tensor<i32>
    stablehlo.return %1 : tensor<i32>
  }
  return %0 : tensor<i32>
}`);
    expect(evaluateProgram(program, [Int32Array.of(10), Int32Array.of(4)])).toEqual([Int32Array.of(12)]);
  });

  test('if is a case of false and true', () => {
    const program = parseStableHLO(`
func.func @main(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32> {
  %0 = "stablehlo.if"(%p) ({
    stablehlo.return %x : tensor<f32>
  }, {
    %1 = stablehlo.negate %x : tensor<f32>
    stablehlo.return %1 : tensor<f32>
  }) : (tensor<i1>) -> tensor<f32>
  return %0 : tensor<f32>
}`);
    expect(evaluateProgram(program, [Uint8Array.of(1), Float32Array.of(3)])).toEqual([Float32Array.of(3)]);
    expect(evaluateProgram(program, [Uint8Array.of(0), Float32Array.of(3)])).toEqual([Float32Array.of(-3)]);
  });

  test('dot_general, slices and a reducer region', () => {
    const program = parseStableHLO(`
func.func @main(%a: tensor<2x3xf32>) -> tensor<f32> {
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [1] x [1], precision = [HIGHEST, HIGHEST] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  %1 = stablehlo.slice %0 [0:2, 0:2:2] : (tensor<2x2xf32>) -> tensor<2x1xf32>
  %z = stablehlo.constant dense<0.000000e+00> : tensor<f32>
  %2 = stablehlo.reduce(%1 init: %z) across dimensions = [0, 1] : (tensor<2x1xf32>, tensor<f32>) -> tensor<f32>
   reducer(%l: tensor<f32>, %r: tensor<f32>)  {
    %3 = stablehlo.maximum %l, %r : tensor<f32>
    stablehlo.return %3 : tensor<f32>
  }
  return %2 : tensor<f32>
}`);
    // Row products: 1·1+2·2+3·3 = 14, 4·1+5·2+6·3 = 32.
    expect(evaluateProgram(program, [Float32Array.of(1, 2, 3, 4, 5, 6)])).toEqual([Float32Array.of(32)]);
  });
});
