import { WebAssembly } from '../platform/globals.js';
import { ModuleWriter } from './module-writer.js';
import * as op from './op.js';

/** Whether this engine compiles relaxed SIMD (https://github.com/WebAssembly/relaxed-simd). */
export function hasRelaxedSimd(): boolean {
  return accepts(op.f32x4RelaxedMadd, 3);
}

/** Whether this engine compiles SIMD at all; everything here needs it. */
export function hasSimd(): boolean {
  return accepts(op.f32x4Add, 2);
}

function accepts(opcode: typeof op.f32x4RelaxedMadd | typeof op.f32x4Add, operands: number): boolean {
  const module = new ModuleWriter();
  const f = module.function('probe', [], ['v128']);
  for (let i = 0; i < operands; i++) f.splat('f32x4', 1);
  f.op(opcode);
  return WebAssembly.validate(module.finish());
}
