import { describe, expect, it } from 'vitest';
import { WebAssembly } from '../platform/globals.js';
import { ByteWriter } from './byte-writer.js';
import * as laneOp from './lane-op.js';
import * as memoryOp from './late-memory-op.js';
import * as op from './late-op.js';
import { ModuleWriter } from './module-writer.js';

function instantiate(module: ModuleWriter, imports = {}): Record<string, (...args: unknown[]) => unknown> {
  const bytes = module.finish();
  expect(WebAssembly.validate(bytes)).toBe(true);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  return instance.exports as Record<string, (...args: unknown[]) => unknown>;
}

/** Signed LEB128, decoded as the specification has it. */
function decodeSigned(bytes: Uint8Array): bigint {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if ((byte & 0x80) === 0) return (byte & 0x40) !== 0 ? value - (1n << shift) : value;
  }
  throw new Error('unfinished');
}

describe('ByteWriter', () => {
  const integers = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, 2 ** 31 - 1, -(2 ** 31)];
  it.each(integers)('signed %i', (value) => {
    const writer = new ByteWriter(1);
    writer.signed(value);
    expect(decodeSigned(writer.finish())).toBe(BigInt(value));
  });

  it.each([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 40n])('signed 64-bit %i', (value) => {
    const writer = new ByteWriter(1);
    writer.signed64(value);
    expect(decodeSigned(writer.finish())).toBe(value);
  });

  it('unsigned values up to 2^32', () => {
    const writer = new ByteWriter(1);
    writer.unsigned(4294967295);
    expect([...writer.finish()]).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  it('writes names as UTF-8', () => {
    const writer = new ByteWriter(1);
    writer.name('aß→🦕');
    expect([...writer.finish()]).toEqual([10, ...new TextEncoder().encode('aß→🦕')]);
  });
});

describe('FunctionWriter', () => {
  it('runs loops over locals and blocks', () => {
    const module = new ModuleWriter();
    const f = module.function('sum', ['i32'], ['i32']);
    const total = f.local('i32');
    f.block();
    f.loop();
    f.get(0);
    f.op(op.i32Eqz);
    f.branchIf(1);
    f.get(total);
    f.get(0);
    f.op(op.i32Add);
    f.set(total);
    f.increment(0, -1);
    f.branch(0);
    f.end();
    f.end();
    f.get(total);
    module.export('sum', f.index);
    expect(instantiate(module).sum!(100)).toBe(5050);
  });

  it('hands out released locals again, by type', () => {
    const module = new ModuleWriter();
    const f = module.function('f', [], []);
    const a = f.local('i32');
    const b = f.local('f64');
    f.release('i32', a);
    expect(f.local('f64')).not.toBe(b);
    expect(f.local('i32')).toBe(a);
    instantiate(module);
  });

  it('keeps constants in the prologue, one local each, telling -0 from 0', () => {
    const module = new ModuleWriter();
    const f = module.function('f', [], ['f32']);
    const zero = f.constant('f32x4', 0);
    expect(f.constant('f32x4', 0)).toBe(zero);
    const minus = f.constant('f32x4', -0);
    expect(minus).not.toBe(zero);
    f.get(minus);
    f.lane(laneOp.f32x4Extract, 3);
    module.export('f', f.index);
    expect(instantiate(module).f!()).toBe(-0);
  });

  it('calls imports, jumps by table, reads 64-bit integers', () => {
    const module = new ModuleWriter();
    const twice = module.importFunction('host', 'twice', ['f64'], ['f64']);
    const f = module.function('pick', ['i32', 'f64'], ['f64']);
    f.block();
    f.block();
    f.get(0);
    f.branchTable([0, 1], 1);
    f.end();
    f.get(1);
    f.call(twice);
    f.op(op.return);
    f.end();
    f.i64(-7n);
    f.op(op.f64ConvertI64S);
    module.export('pick', f.index);
    const { pick } = instantiate(module, { host: { twice: (x: number) => 2 * x } });
    expect([pick!(0, 21), pick!(1, 21), pick!(9, 21)]).toEqual([42, -7, -7]);
  });

  it('shuffles, copies, fills and swaps shared memory', () => {
    const module = new ModuleWriter();
    module.importMemory('env', 'memory', { initialPages: 1, maximumPages: 1, shared: true });
    const f = module.function('f', [], ['i32']);
    f.i32(0);
    f.i32(7);
    f.i32(16);
    f.memoryFill();
    f.i32(32);
    f.i32(0);
    f.i32(8);
    f.memoryCopy();
    f.i32(64);
    f.i32(0);
    f.memory(memoryOp.v128Load);
    f.i32(16);
    f.memory(memoryOp.v128Load, 16);
    f.shuffle32(0, 6, 1, 5);
    f.memory(memoryOp.v128Store);
    f.i32(32);
    f.i32(1);
    f.memory(memoryOp.i32AtomicAdd);
    module.export('f', f.index);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const { f: run } = instantiate(module, { env: { memory } });
    expect(run!()).toBe(0x07070707);
    const words = new Int32Array(memory.buffer);
    expect([...words.slice(8, 11)]).toEqual([0x07070708, 0x07070707, 0]);
    expect([...words.slice(16, 20)]).toEqual([0x07070707, 0, 0x07070707, 0x07070707]);
  });
});
