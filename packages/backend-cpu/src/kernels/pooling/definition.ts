/** Kernels over windows as the library knows them. */

import type { KernelDefinition, OpQuery } from '@ceratops/kernel-registry';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import type { EmittedKernel } from '../kernel.js';
import type { Windows } from './windows.js';

type WindowOp = 'reduce_window' | 'select_and_scatter';

/** @param windowsOf undefined for what the kernel does not compute. */
export function windowsKernel<O extends WindowOp>(
  op: O,
  name: string,
  windowsOf: (query: OpQuery<O>) => Windows | undefined,
  emit: (module: ModuleWriter, windows: Windows) => EmittedKernel,
): KernelDefinition<'cpu', O> {
  return {
    backend: 'cpu',
    op,
    supports: (query) => windowsOf(query) !== undefined,
    build: (context) => {
      const windows = windowsOf(context)!;
      const { rows, columns, channels } = windows;
      const operands = context.operands.map((_, index) => ({ kind: 'operand', index }) as const);
      return [
        {
          ...{ name, workspaceBytes: 0, deterministic: true, epilogues: [] },
          emit: ({ module }) => ({
            calls: [{ kernel: emit(module, windows), buffers: [...operands, { kind: 'result', index: 0 }] }],
            workspaceBytes: 0,
            description: `${name}, window ${rows.window}×${columns.window}, ${channels} channels`,
          }),
        },
      ];
    },
  };
}
