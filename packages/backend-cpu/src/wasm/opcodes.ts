/**
 * Opcodes of the WebAssembly instructions that this backend emits. With a prefix byte they begin at 0x200 (0xfc), 0x400
 * (0xfd: vectors) and 0x600 (0xfe: atomics), and the sub-opcode is added. Instructions with immediates beyond the opcode have their own method in FunctionWriter.
 *
 * https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */

import type * as laneOp from './lane-op.js';
import type * as memoryOp from './late-memory-op.js';
import type * as op from './late-op.js';
import type * as memoryLaneOp from './memory-lane-op.js';

export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

export type ValueType = keyof typeof valueTypes;

export type Opcode = (typeof op)[keyof typeof op];

export type MemoryOpcode = (typeof memoryOp)[keyof typeof memoryOp];

export type MemoryLaneOpcode = (typeof memoryLaneOp)[keyof typeof memoryLaneOp];

export type LaneOpcode = (typeof laneOp)[keyof typeof laneOp];
