import { ByteWriter } from './byte-writer.js';
import * as op from './op.js';
import {
  type LaneOpcode,
  type MemoryLaneOpcode,
  type MemoryOpcode,
  type Opcode,
  type ValueType,
  valueTypes,
} from './opcodes.js';

/** Index of a local of one function. */
export type Local = number;

/** Index of a function in its module. */
export type FunctionIndex = number;

type Lanes = 'f32x4' | 'i32x4' | 'f64x2' | 'i64x2';

const floatScratch = new DataView(new ArrayBuffer(16));
const vectorScratch = new Uint8Array(floatScratch.buffer);
const emptyBlock = 0x40;
const v128Const = [0xfd, 12];

/** Valid until the next call. */
function splatBytes(lanes: Lanes, value: number | bigint): Uint8Array {
  if (lanes === 'f32x4') floatScratch.setFloat32(0, Number(value), true);
  else if (lanes === 'i32x4') floatScratch.setInt32(0, Number(value) | 0, true);
  else if (lanes === 'f64x2') floatScratch.setFloat64(0, Number(value), true);
  else floatScratch.setBigInt64(0, BigInt.asIntN(64, BigInt(value)), true);
  const width = lanes.endsWith('x4') ? 4 : 8;
  for (let at = width; at < 16; at += width) vectorScratch.copyWithin(at, 0, width);
  return vectorScratch;
}

/**
 * One function body, written instruction by instruction straight into bytes. Locals are handed out by type and can be
 * given back, so that a long body does not declare thousands of them.
 */
export class FunctionWriter {
  readonly index: FunctionIndex;
  readonly code: ByteWriter = new ByteWriter(512);
  /** Runs before `code`: vector constants, which engines otherwise build anew at every use. */
  readonly #prologue: ByteWriter = new ByteWriter(32);
  readonly #constants: Map<string, Local> = new Map();
  readonly #localTypes: ValueType[] = [];
  readonly #parameterCount: number;
  readonly #freeLocals: Record<ValueType, Local[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };

  constructor(index: FunctionIndex, parameterCount: number) {
    this.index = index;
    this.#parameterCount = parameterCount;
  }

  #indexed(opcode: number, index: number): void {
    this.code.byte(opcode);
    this.code.unsigned(index);
  }

  #block(opcode: number, result?: ValueType): void {
    this.code.byte(opcode);
    this.code.byte(result === undefined ? emptyBlock : valueTypes[result]);
  }

  // locals

  /** A local that nobody uses; its value is undefined. */
  local(type: ValueType): Local {
    const reused = this.#freeLocals[type].pop();
    if (reused !== undefined) return reused;
    this.#localTypes.push(type);
    return this.#parameterCount + this.#localTypes.length - 1;
  }

  /** Gives a local back for reuse. */
  release(type: ValueType, local: Local): void {
    this.#freeLocals[type].push(local);
  }

  get(local: Local): void {
    this.#indexed(0x20, local);
  }

  set(local: Local): void {
    this.#indexed(0x21, local);
  }

  tee(local: Local): void {
    this.#indexed(0x22, local);
  }

  global(index: number): void {
    this.#indexed(0x23, index);
  }

  // constants

  i32(value: number): void {
    this.code.byte(0x41);
    this.code.signed(value);
  }

  i64(value: bigint): void {
    this.code.byte(0x42);
    this.code.signed64(value);
  }

  f32(value: number): void {
    floatScratch.setFloat32(0, value, true);
    this.code.byte(0x43);
    for (let i = 0; i < 4; i++) this.code.byte(floatScratch.getUint8(i));
  }

  f64(value: number): void {
    floatScratch.setFloat64(0, value, true);
    this.code.byte(0x44);
    for (let i = 0; i < 8; i++) this.code.byte(floatScratch.getUint8(i));
  }

  /** v128 constant from its 16 bytes. */
  v128(bytes: ArrayLike<number>): void {
    this.code.append(v128Const);
    this.code.append(bytes);
  }

  /** v128 constant with `value` in every lane. */
  splat(lanes: Lanes, value: number | bigint): void {
    this.v128(splatBytes(lanes, value));
  }

  /** A local that holds `value` in every 32-bit (64-bit) lane from the function's start; never assign to it. */
  constant(lanes: Lanes, value: number | bigint): Local {
    return this.vectorConstant(`${lanes}:${Object.is(value, -0) ? '-0' : value}`, splatBytes(lanes, value));
  }

  /** The same for any 16 bytes; `key` names them. */
  vectorConstant(key: string, bytes: ArrayLike<number>): Local {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    this.#localTypes.push('v128');
    const local = this.#parameterCount + this.#localTypes.length - 1;
    this.#prologue.append(v128Const);
    this.#prologue.append(bytes);
    this.#prologue.byte(0x21);
    this.#prologue.unsigned(local);
    this.#constants.set(key, local);
    return local;
  }

  // instructions

  op(opcode: Opcode): void {
    this.#opcode(opcode);
  }

  #opcode(opcode: number): void {
    if (opcode < 0x100) this.code.byte(opcode);
    else {
      this.code.byte(0xfb + (opcode >>> 9));
      this.code.unsigned(opcode & 0x1ff);
    }
  }

  /** Load, store or atomic access; the address operand plus the constant `offset`. */
  memory(access: MemoryOpcode | MemoryLaneOpcode, offset = 0): void {
    this.#opcode(access & 0xfff);
    this.code.unsigned(access >>> 12);
    this.code.unsigned(offset);
  }

  memoryLane(access: MemoryLaneOpcode, lane: number, offset = 0): void {
    this.memory(access, offset);
    this.code.byte(lane);
  }

  lane(opcode: LaneOpcode, lane: number): void {
    this.#opcode(opcode);
    this.code.byte(lane);
  }

  /** i8x16.shuffle of two vectors by 16 byte indices. */
  shuffle(bytes: ArrayLike<number>): void {
    this.#opcode(0x40d);
    this.code.append(bytes);
  }

  /** Shuffle of 32-bit lanes: 0–3 of the first vector, 4–7 of the second. */
  shuffle32(a: number, b: number, c: number, d: number): void {
    this.#opcode(0x40d);
    for (const lane of [a, b, c, d]) for (let i = 0; i < 4; i++) this.code.byte(lane * 4 + i);
  }

  memoryCopy(): void {
    this.code.append([0xfc, 10, 0, 0]);
  }

  memoryFill(): void {
    this.code.append([0xfc, 11, 0]);
  }

  call(target: FunctionIndex): void {
    this.#indexed(0x10, target);
  }

  // control

  block(result?: ValueType): void {
    this.#block(0x02, result);
  }

  loop(): void {
    this.#block(0x03);
  }

  if(result?: ValueType): void {
    this.#block(0x04, result);
  }

  else(): void {
    this.code.byte(0x05);
  }

  end(): void {
    this.code.byte(op.end);
  }

  branch(depth: number): void {
    this.#indexed(0x0c, depth);
  }

  branchIf(depth: number): void {
    this.#indexed(0x0d, depth);
  }

  branchTable(depths: readonly number[], otherwise: number): void {
    this.code.byte(0x0e);
    this.code.unsigned(depths.length);
    for (const depth of depths) this.code.unsigned(depth);
    this.code.unsigned(otherwise);
  }

  // small idioms

  drop(): void {
    this.code.byte(op.drop);
  }

  /** `local += amount` for an i32 local. */
  increment(local: Local, amount: number): void {
    this.get(local);
    this.i32(amount);
    this.op(op.i32Add);
    this.set(local);
  }

  /** Writes the locals and the code as an entry of the code section. */
  writeTo(section: ByteWriter): void {
    const header = new ByteWriter(16);
    const groups: [number, ValueType][] = [];
    for (const type of this.#localTypes) {
      const last = groups.at(-1);
      if (last?.[1] === type) last[0]++;
      else groups.push([1, type]);
    }
    header.unsigned(groups.length);
    for (const [count, type] of groups) {
      header.unsigned(count);
      header.byte(valueTypes[type]);
    }
    section.unsigned(header.length + this.#prologue.length + this.code.length + 1);
    section.append(header.bytes.subarray(0, header.length));
    section.append(this.#prologue.bytes.subarray(0, this.#prologue.length));
    section.append(this.code.bytes.subarray(0, this.code.length));
    section.byte(op.end);
  }
}
