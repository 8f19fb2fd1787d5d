import { describe, expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import * as emit from '../emit/index.js';
import type { AnyInstruction, Program } from '../program.js';
import { scalarRegion } from '../region.js';
import { tensorType } from '../tensor-type.js';
import { removeDeadCode } from './dead-code.js';
import { equalAttributes, equalPrograms } from './equal.js';
import { hashData, hashProgram } from './hash.js';
import { validateProgram } from './validate.js';

const f2 = tensorType('float32', [2]);
const i2 = tensorType('int32', [2]);
const scalar = tensorType('float32', []);

function withConstant(data: Float32Array): Program {
  return buildProgram([f2], (e, x) => [emit.add(e, x, emit.constant(e, { type: f2, data }))]);
}

function reduced(op: 'add' | 'maximum', dimension = 0): Program {
  return buildProgram([tensorType('float32', [2, 2]), scalar], (e, x, init) =>
    emit.reduce(e, [x], [init], [dimension], scalarRegion('float32', op)),
  );
}

function composed(attributes: {
  readonly [name: string]: number | string | boolean | null | readonly number[];
}): Program {
  const decomposition = buildProgram([f2], (e, x) => [emit.negate(e, x)]);
  return buildProgram([f2], (e, x) => e.emit('composite', [x], { name: 'test.f@1', attributes, decomposition }));
}

const plain = buildProgram([f2, f2], (e, x, y) => [emit.add(e, x, y)]);

/** No two of these are the same program. */
const distinct: readonly (readonly [string, Program])[] = [
  ['add', plain],
  ['add, operands swapped', buildProgram([f2, f2], (e, x, y) => [emit.add(e, y, x)])],
  ['subtract', buildProgram([f2, f2], (e, x, y) => [emit.subtract(e, x, y)])],
  ['add of ints', buildProgram([i2, i2], (e, x, y) => [emit.add(e, x, y)])],
  ['first input aliased', { ...plain, inputs: [{ type: f2, aliases: 0 }, { type: f2 }] }],
  ['second input aliased', { ...plain, inputs: [{ type: f2 }, { type: f2, aliases: 0 }] }],
  ['two outputs', { ...plain, outputs: [2, 2] }],
  ['an input as output', { ...plain, outputs: [0] }],
  ['sharded', { ...plain, inputs: [{ type: { ...f2, sharding: { mesh: 'm', dimensions: [['x']] } } }, { type: f2 }] }],
  ['constant', withConstant(Float32Array.of(1, 2))],
  ['another constant', withConstant(Float32Array.of(1, 3))],
  ['constant 0', withConstant(Float32Array.of(0, 0))],
  ['constant -0', withConstant(Float32Array.of(0, -0))],
  ['splat 0', withConstant(Float32Array.of(0))],
  ['reduce add', reduced('add')],
  ['reduce max', reduced('maximum')],
  ['reduce add over 1', reduced('add', 1)],
  ['composite {}', composed({})],
  ['composite a=1', composed({ a: 1 })],
  ['composite a=true', composed({ a: true })],
  ['composite a=null', composed({ a: null })],
  ["composite a='1'", composed({ a: '1' })],
  ['composite b=1', composed({ b: 1 })],
  ['composite a=0', composed({ a: 0 })],
  ['composite a=-0', composed({ a: -0 })],
  ['composite a=0.5', composed({ a: 0.5 })],
  ['composite a=2^32', composed({ a: 2 ** 32 })],
  ['composite a=[1,2]', composed({ a: [1, 2] })],
  ['composite a=[1],b=2', composed({ a: [1], b: 2 })],
];

describe('hashProgram and equalPrograms', () => {
  it('tell different programs apart', () => {
    for (const [nameA, a] of distinct) {
      for (const [nameB, b] of distinct) {
        const same = a === b;
        expect(equalPrograms(a, b), `${nameA} = ${nameB}`).toBe(same);
        expect(hashProgram(a) === hashProgram(b), `hash of ${nameA} and ${nameB}`).toBe(same);
      }
    }
  });

  it.each(distinct)(
    'agree on a copy of %s under another name, with reordered and undefined attributes',
    (_, program) => {
      const copy = reordered({ ...structuredClone(program), name: 'other' }) as Program;
      expect(equalPrograms(program, copy)).toBe(true);
      expect(hashProgram(copy)).toBe(hashProgram(program));
      expect(Number.isSafeInteger(hashProgram(copy))).toBe(true);
    },
  );

  it('take of types what makes them, whatever else the objects hold', () => {
    const interned = { ...f2, id: 7 };
    const results = plain.instructions.map((instruction) => ({
      ...instruction,
      results: [interned],
    })) as AnyInstruction[];
    const program = { ...plain, inputs: [{ type: interned }, { type: f2 }], instructions: results };
    expect(equalPrograms(program, plain)).toBe(true);
    expect(hashProgram(program)).toBe(hashProgram(plain));
  });

  it('compares NaN with itself and typed arrays with their kind', () => {
    expect(equalAttributes({ a: Number.NaN }, { a: Number.NaN })).toBe(true);
    expect(equalAttributes(new Int8Array(1), new Uint8Array(1))).toBe(false);
    expect(equalAttributes([1], { 0: 1 })).toBe(false);
    expect(equalAttributes({ 0: 1 }, [1])).toBe(false);
    expect(equalAttributes({ 0: 1 }, Int8Array.of(1))).toBe(false);
  });

  it('hashes attributes of single ops', () => {
    expect(hashData({ permutation: [0, 1] })).not.toBe(hashData({ permutation: [1, 0] }));
    expect(hashData({ dimensions: [0] })).toBe(hashData({ dimensions: [0] }));
    expect(hashData('negate')).not.toBe(hashData('abs'));
  });

  it('spreads over a thousand programs without a collision', () => {
    const hashes = Array.from({ length: 1000 }, (_, i) => hashProgram(withConstant(Float32Array.of(i, 1))));
    expect(new Set(hashes).size).toBe(1000);
  });
});

/** Every plain object with its keys reversed and one undefined key more. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries([...entries.map(([key, field]) => [key, reordered(field)]), ['nothing', undefined]]);
}

describe('validateProgram', () => {
  const instruction = plain.instructions[0]!;
  function withInstruction(changes: object): Program {
    return { ...plain, instructions: [{ ...instruction, ...changes } as AnyInstruction] };
  }
  const badRegion = { ...scalarRegion('float32', 'add'), outputs: [7] };

  it('accepts every program above', () => {
    for (const [name, program] of distinct) {
      expect(() => validateProgram(program), name).not.toThrow();
    }
  });

  it.each<[string, Program, RegExp]>([
    [
      'an operand that comes later',
      withInstruction({ operands: [0, 2] }),
      /^main, instruction 0 \(add\): uses a value that is not defined before it, expected an id below 2, received %2$/,
    ],
    ['a fractional id', withInstruction({ operands: [0, 0.5] }), /received %0.5/],
    ['an unknown op', withInstruction({ op: 'gelu' }), /unknown op, expected an op of the opset, received gelu/],
    [
      'a wrong result type',
      withInstruction({ results: [i2] }),
      /expected float32\[2\] from \(float32\[2\], float32\[2\]\), received int32\[2\]/,
    ],
    ['a result too many', withInstruction({ results: [f2, f2] }), /result types/],
    [
      'operands that do not fit',
      withInstruction({ operands: [0] }),
      /operands do not fit the op, expected add: wrong number of operands/,
    ],
    ['an output that is no value', { ...plain, outputs: [3] }, /output 0/],
    [
      'an unknown dtype',
      { ...plain, inputs: [{ type: { dtype: 'f32', shape: [] } as never }] },
      /input 0: unknown dtype/,
    ],
    ['a dynamic shape', { ...plain, inputs: [{ type: { dtype: 'float32', shape: [-1] } }] }, /input 0: bad shape/],
    ['an alias to nowhere', { ...plain, inputs: [{ type: f2, aliases: 1 }, { type: f2 }] }, /aliases no output/],
    [
      'an alias of another type',
      { ...plain, inputs: [...plain.inputs, { type: i2, aliases: 0 }], outputs: [0], instructions: [] },
      /aliases output 0 of another type, expected int32\[2\], received float32\[2\]/,
    ],
    [
      'an output aliased twice',
      {
        ...plain,
        inputs: [
          { type: f2, aliases: 0 },
          { type: f2, aliases: 0 },
        ],
      },
      /input 1: shares its alias/,
    ],
    [
      'a broken region',
      {
        ...reduced('add'),
        instructions: [
          { ...reduced('add').instructions[0]!, attributes: { dimensions: [0], body: badRegion } } as AnyInstruction,
        ],
      },
      /^main, instruction 0 \(reduce\), body, output 0/,
    ],
  ])('refuses %s', (_, program, message) => {
    expect(() => validateProgram(program)).toThrowError(expect.objectContaining({ code: 'INVALID_PROGRAM' }));
    expect(() => validateProgram(program)).toThrow(message);
  });
});

describe('removeDeadCode', () => {
  it('drops what nobody uses, renumbers the rest and keeps inputs and aliases', () => {
    const program = buildProgram([f2, f2], (e, x, y) => {
      emit.exponential(e, emit.multiply(e, x, y));
      const sum = emit.add(e, x, y);
      emit.negate(e, sum);
      return [emit.subtract(e, sum, x)];
    });
    const aliased = { ...program, inputs: [{ type: f2, aliases: 0 }, { type: f2 }] };
    const pruned = removeDeadCode(aliased);
    validateProgram(pruned);
    expect(pruned.instructions.map(({ op }) => op)).toEqual(['add', 'subtract']);
    expect(pruned.outputs).toEqual([3]);
    expect(pruned.inputs).toBe(aliased.inputs);
    expect(removeDeadCode(pruned)).toBe(pruned);
  });

  it('keeps an instruction of which one result is used', () => {
    const program = buildProgram([f2, f2], (e, x, y) => [emit.sort(e, [x, y], 0)[1]!]);
    expect(removeDeadCode(program)).toBe(program);
  });
});
