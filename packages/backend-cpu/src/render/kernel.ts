import { itemVariable, type LoopKernel } from '@ceratops/compiler';
import { rangeLoop } from '../kernels/affine.js';
import type { EmittedKernel } from '../kernels/kernel.js';
import type { ValueType } from '../wasm/opcodes.js';
import { Code } from './code.js';
import type { Helpers } from './helpers.js';

/** Prints a loop kernel as a WebAssembly function `(start, end, scratch, ...addresses)`. */
export function emitLoopKernel(helpers: Helpers, kernel: LoopKernel): EmittedKernel {
  const parameters = new Array<ValueType>(3 + kernel.parameters.length).fill('i32');
  const f = helpers.module.function(kernel.name, parameters, []);
  const [start, end] = [0, 1];
  const code = new Code(f, helpers, kernel, 3);
  code.scope.set(itemVariable, { form: 'scalar', type: 'index', local: start, stride: 0 });
  if (kernel.items === 1) code.body(kernel.body);
  else rangeLoop(f, start, end, 1, () => code.body(kernel.body));
  return { function: f.index, items: kernel.items, costPerItem: kernel.costPerItem, scratchBytes: 0 };
}
