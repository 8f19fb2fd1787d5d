/** The kernel rows of attention and its gradient. Late parts. */

import { type KernelDefinition, type OpQuery, sizeOf } from '@ceratops/kernel-registry';
import { emitFill } from '../fill.js';
import type { CpuKernel, KernelBuffer, KernelCall } from '../kernel.js';
import { type BackwardBuffer, backwardBuffers, emitBackward, type Pass } from './backward.js';
import type { Digit } from './digits.js';
import { emitForward } from './forward.js';
import { emitHiddenScores } from './hidden-keys.js';
import { emitPackedRows, type PackedRows } from './packed-rows.js';
import { isAttention } from './query.js';
import { type AttentionShape, keysPerBlock, queriesPerBlock, shapeOf } from './shape.js';

const operand = (index: number): KernelBuffer => ({ kind: 'operand', index });
const result = (index: number): KernelBuffer => ({ kind: 'result', index });
/** In the place of what a program lacks. */
const none = operand(0);

/** Hands out places in the op's workspace. */
class Workspace {
  bytes = 0;

  take(bytes: number): KernelBuffer {
    const offset = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64;
    return { kind: 'workspace', offset };
  }
}

/** The call that finds what hidden keys score, and where it puts that. */
function hiddenScores(
  module: Parameters<typeof emitHiddenScores>[0],
  shape: AttentionShape,
  workspace: Workspace,
): { readonly calls: readonly KernelCall[]; readonly table: KernelBuffer; readonly mask: KernelBuffer } {
  if (shape.mask === undefined) return { calls: [], table: none, mask: none };
  const { batch, groups, heads, queries } = shape;
  const [mask, table] = [operand(shape.mask.operand), workspace.take(batch * groups * heads * queries * 4)];
  const kernel = emitHiddenScores(module, shape, shape.mask);
  return { calls: [{ kernel, buffers: [mask, table] }], table, mask };
}

function packCall({ kernel }: PackedRows, index: number, target: KernelBuffer): KernelCall {
  return { kernel, buffers: [operand(index), target] };
}

function describe(name: string, { batch, groups, heads, queries, keys, query, causal }: AttentionShape): string {
  const size = `${batch}×${groups * heads} heads of ${query.width}, ${queries} queries × ${keys} keys`;
  return `${name}, ${size}${causal ? ', causal' : ''}, blocks of ${queriesPerBlock}×${keysPerBlock}`;
}

function forward(query: OpQuery<'composite'>): CpuKernel {
  const shape = shapeOf(query);
  return ({ module, tuning }) => {
    const workspace = new Workspace();
    const packed = emitPackedRows(module, shape, shape.key, tuning);
    const packedKeys = workspace.take(packed.bytes);
    const { calls, table, mask } = hiddenScores(module, shape, workspace);
    const bias = shape.bias === undefined ? none : operand(shape.bias.operand);
    const buffers = [operand(0), packedKeys, operand(2), result(0), result(1), table, bias, mask];
    const kernel = emitForward(module, shape, packed, tuning);
    return {
      calls: [packCall(packed, 1, packedKeys), ...calls, { kernel, buffers }],
      workspaceBytes: workspace.bytes,
      description: describe('attention', shape),
    };
  };
}

/** So many groups of keys are enough items for several threads; fewer are cut into blocks, at the price of finding scores twice. */
const enoughGroups = 4;

function passesOf({ batch, groups, bias }: AttentionShape): Pass[] {
  const none = { query: false, keyAndValue: false, bias: false };
  const passes: Pass[] = [];
  if (batch * groups >= enoughGroups)
    passes.push({ ...none, name: 'gradients', items: ['batch', 'group'], query: true, keyAndValue: true });
  else {
    passes.push({ ...none, name: 'queryGradients', items: ['batch', 'group', 'head', 'queryBlock'], query: true });
    passes.push({ ...none, name: 'keyGradients', items: ['batch', 'group', 'keyBlock'], keyAndValue: true });
  }
  if (bias !== undefined) {
    const { strides } = bias;
    const items = (['batch', 'group', 'head', 'queryBlock'] as const).filter((digit: Digit) => strides[digit] !== 0);
    passes.push({ ...none, name: 'biasGradients', items, bias: true });
  }
  return passes;
}

function backward(query: OpQuery<'composite'>): CpuKernel {
  const count = query.operands.length - 3;
  const shape = shapeOf(query, count);
  return ({ module, tuning }) => {
    const workspace = new Workspace();
    const keys = emitPackedRows(module, shape, shape.key, tuning);
    const values = emitPackedRows(module, shape, shape.value, tuning);
    const [packedKeys, packedValues] = [workspace.take(keys.bytes), workspace.take(values.bytes)];
    const { calls, table, mask } = hiddenScores(module, shape, workspace);
    const bias = shape.bias === undefined ? none : operand(shape.bias.operand);
    const buffers: Readonly<Record<BackwardBuffer, KernelBuffer>> = {
      ...{ query: operand(0), key: operand(1), cotangent: operand(count + 2), packedKeys, packedValues },
      ...{ logSums: operand(count), delta: operand(count + 1), hidden: table, bias, mask },
      ...{ queryGradient: result(0), keyGradient: result(1), valueGradient: result(2) },
      biasGradient: shape.bias === undefined ? none : result(3),
    };
    const fill: KernelCall[] = [];
    if (shape.bias !== undefined) {
      const kernel = emitFill(module, sizeOf(query.results[3]!.shape) * 4);
      fill.push({ kernel, buffers: [result(3)] });
    }
    const passes = passesOf(shape).map((pass) => ({
      kernel: emitBackward(module, shape, pass, { keys, values }, tuning),
      buffers: backwardBuffers.map((name) => buffers[name]),
    }));
    return {
      calls: [packCall(keys, 1, packedKeys), packCall(values, 2, packedValues), ...calls, ...fill, ...passes],
      workspaceBytes: workspace.bytes,
      description: describe(`gradient of attention in ${passes.length}`, shape),
    };
  };
}

type AttentionKernel = KernelDefinition<'cpu', 'composite'>;

function row(composite: string, emit: (query: OpQuery<'composite'>) => CpuKernel): AttentionKernel {
  return {
    ...{ backend: 'cpu', op: 'composite', composite },
    supports: (query) => query.attributes.name === composite && isAttention(query),
    build: (context) => [
      {
        ...{ name: 'blocks', workspaceBytes: 0, deterministic: true, epilogues: [] },
        emit: (target) => target.shared(`${composite} ${JSON.stringify(context)}`, () => emit(context)(target)),
      },
    ],
  };
}

export const attentionKernel: AttentionKernel = row('ceratops.attention@1', forward);
export const attentionBackwardKernel: AttentionKernel = row('ceratops.attention_bwd@1', backward);
