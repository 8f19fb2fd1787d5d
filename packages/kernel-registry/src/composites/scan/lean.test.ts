/** What leaves the loop of a scan, and that nothing changes by it: checked by evaluating the body iteration by iteration. */
import { describe, expect, it } from 'vitest';
import { buildProgram, expandComposites } from '../../any-op.js';
import type { Emitter, Value } from '../../builder.js';
import type { HostArray } from '../../dtype.js';
import * as emit from '../../emit/index.js';
import { evaluateProgram } from '../../evaluator/index.js';
import { type AnyInstruction, inputTypes, type Program } from '../../program.js';
import { sizeOf, type TensorType, tensorType } from '../../tensor-type.js';
import { emitScan } from './scan.js';

const f64 = (...shape: number[]): TensorType => tensorType('float64', shape);
const length = 3;

function dot(e: Emitter, a: Value, b: Value, left = 1, right = 0): Value {
  return emit.dotGeneral(e, a, b, {
    lhsBatchingDimensions: [],
    rhsBatchingDimensions: [],
    lhsContractingDimensions: [left],
    rhsContractingDimensions: [right],
    precision: 'default',
  });
}

interface Case {
  readonly body: Program;
  readonly constants: number;
  readonly carries: number;
}

/** The scan as loops, and the instructions that are left inside. */
function expanded(
  { body, constants, carries }: Case,
  reverse: boolean,
): { program: Program; inside: AnyInstruction[] } {
  const types = inputTypes(body).map((type, i) =>
    i < constants + carries ? type : tensorType(type.dtype, [length, ...type.shape]),
  );
  const scanned = buildProgram(types, (e, ...values) => {
    const operands = {
      constants: values.slice(0, constants),
      carries: values.slice(constants, constants + carries),
      elements: values.slice(constants + carries),
    };
    const results = emitScan(e, operands, { body, length, reverse });
    return [...results.carries, ...results.stacks];
  });
  const program = expandComposites(scanned, () => false);
  const loop = program.instructions.find(({ op }) => op === 'while') as AnyInstruction & { op: 'while' };
  return { program, inside: [...loop.attributes.body.instructions] };
}

function data(type: TensorType, seed: number): HostArray {
  return Float64Array.from({ length: sizeOf(type.shape) }, (_, i) => Math.sin(1 + i * 1.7 + seed));
}

/** The body applied once for each iteration, by hand. */
function stepByStep({ body, constants, carries }: Case, inputs: readonly HostArray[], reverse: boolean): HostArray[] {
  const outer = constants + carries;
  let state = inputs.slice(constants, outer);
  const stacks: Float64Array[][] = body.outputs.slice(carries).map(() => []);
  const order = Array.from({ length }, (_, i) => (reverse ? length - 1 - i : i));
  for (const i of order) {
    const slices = inputs
      .slice(outer)
      .map((stack) => stack.slice((i * stack.length) / length, ((i + 1) * stack.length) / length));
    const results = evaluateProgram(body, [...inputs.slice(0, constants), ...state, ...slices]);
    state = results.slice(0, carries);
    for (const [k, stack] of stacks.entries()) stack[i] = results[carries + k] as Float64Array;
  }
  return [...state, ...stacks.map((stack) => Float64Array.from(stack.flatMap((slice) => [...slice])))];
}

function check(given: Case, left: readonly string[]): void {
  for (const reverse of [false, true]) {
    const { program, inside } = expanded(given, reverse);
    const inputs = inputTypes(program).map(data);
    const received = evaluateProgram(program, inputs);
    const expected = stepByStep(given, inputs, reverse);
    received.forEach((result, k) => {
      for (let i = 0; i < result.length; i++) expect(result[i]).toBeCloseTo(expected[k]![i] as number, 12);
    });
    const heavy = inside.map(({ op }) => op).filter((op) => ['dot_general', 'reduce', 'sine', 'tanh'].includes(op));
    expect(heavy).toEqual(left);
  }
}

describe('before the loop', () => {
  it('products of elements with constants, and what is the same for all iterations', () => {
    const body = buildProgram([f64(4, 3), f64(2, 3), f64(2, 4)], (e, w, h, x) => {
      const next = emit.tanh(e, emit.add(e, h!, dot(e, emit.negate(e, x!), emit.sine(e, w!))));
      return [next, next];
    });
    check({ body, constants: 1, carries: 1 }, ['tanh']);
  });

  it('not what depends on the carry', () => {
    const body = buildProgram([f64(3, 3), f64(2, 3), f64(2, 3)], (e, w, h, x) => {
      const next = dot(e, emit.add(e, h!, x!), w!);
      return [next, next];
    });
    check({ body, constants: 1, carries: 1 }, ['dot_general']);
  });
});

describe('after the loop', () => {
  it('sums of products and of sums, each once, also transposed', () => {
    const body = buildProgram([f64(2, 3), f64(3, 3), f64(3, 3), f64(3), f64(2, 3)], (e, h, a, b, bias, x) => {
      const next = emit.tanh(e, emit.add(e, h!, x!));
      const product = dot(e, x!, next, 0, 0);
      const turned = emit.transpose(e, dot(e, next, h!, 0, 0), [1, 0]);
      const sum = emit.reduceSum(e, next, [0]);
      const sums = [emit.add(e, a!, emit.add(e, product, turned)), emit.add(e, product, b!), emit.add(e, bias!, sum)];
      return [next, ...sums, next];
    });
    check({ body, constants: 0, carries: 4 }, ['tanh']);
  });

  it('outputs that are products with a constant', () => {
    const body = buildProgram([f64(3, 2), f64(2, 3), f64(2, 3)], (e, w, h, x) => {
      const next = emit.tanh(e, emit.add(e, h!, x!));
      return [next, next, emit.transpose(e, dot(e, next, w!), [1, 0])];
    });
    check({ body, constants: 1, carries: 1 }, ['tanh']);
  });

  it('not a sum that the loop looks at, nor one with other terms, nor an output that is needed inside', () => {
    const body = buildProgram([f64(3, 3), f64(3, 3), f64(3, 3), f64(3, 3), f64(3, 3)], (e, w, a, b, h, x) => {
      const next = emit.add(e, a!, dot(e, x!, h!));
      const mixed = emit.add(e, b!, emit.sine(e, dot(e, h!, x!)));
      const projected = dot(e, h!, w!);
      return [next, mixed, emit.add(e, emit.tanh(e, projected), a!), projected];
    });
    check({ body, constants: 1, carries: 3 }, ['dot_general', 'dot_general', 'sine', 'dot_general', 'tanh']);
  });
});
