/** The ops against Keras on JAX: outputs, and gradients with respect to their float tensors. */

import { type Tensor, vjp } from '@ceratops/core';
import { it } from 'vitest';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, isGoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as ops from './index.js';

interface OpCase {
  readonly name: string;
  readonly op: string;
  readonly arguments: readonly unknown[];
  readonly options: { readonly [name: string]: unknown };
  readonly outputs: readonly GoldenArray[];
  readonly cotangents?: readonly GoldenArray[];
  readonly gradients?: readonly GoldenArray[];
}

type AnyOp = (...parameters: unknown[]) => Tensor | Tensor[];

/** The leaves of nested arguments, tensors put in. */
function fill(value: unknown, replace: (array: GoldenArray) => unknown): unknown {
  if (isGoldenArray(value)) return replace(value);
  return Array.isArray(value) ? value.map((item) => fill(item, replace)) : value;
}

function call(golden: OpCase, replace: (array: GoldenArray) => unknown): Tensor[] {
  const op = (ops as unknown as { [name: string]: AnyOp })[golden.op]!;
  const parameters = golden.arguments.map((argument) => fill(argument, replace));
  const options = Object.fromEntries(
    Object.entries(golden.options).map(([key, value]) => [key, fill(value, toTensor)]),
  );
  return [op(...(Object.keys(options).length === 0 ? parameters : [...parameters, options]))].flat();
}

function floatsOf(golden: OpCase): GoldenArray[] {
  const found: GoldenArray[] = [];
  for (const argument of golden.arguments) fill(argument, (array) => array.dtype === 'float32' && found.push(array));
  return found;
}

async function checkGradients(golden: OpCase): Promise<void> {
  const floats = floatsOf(golden);
  const forward = (...values: Tensor[]): Tensor[] => {
    return call(golden, (array) => (floats.includes(array) ? values[floats.indexOf(array)] : toTensor(array)));
  };
  const [, pullback] = vjp(forward as never, ...(floats.map(toTensor) as never[])) as [
    unknown,
    (c: Tensor[]) => Tensor[],
  ];
  const gradients = [pullback(golden.cotangents!.map(toTensor))].flat();
  for (const [i, expected] of golden.gradients!.entries()) await expectClose(gradients[i]!, expected, `gradient ${i}`);
}

onDevices('ops', () => {
  for (const golden of readGoldens<OpCase>('ops')) {
    it(golden.name, async () => {
      const outputs = call(golden, toTensor);
      for (const [i, expected] of golden.outputs.entries()) await expectClose(outputs[i]!, expected, `output ${i}`);
      if (golden.gradients !== undefined) await checkGradients(golden);
    });
  }
});
