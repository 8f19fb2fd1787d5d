/** Ops as nodes of graphs: Keras' files of them are read, compute the same, and are what we write. */

import type { Tensor } from '@ceratops/core';
import { describe, expect, it } from 'vitest';
import { clearSession } from '../engine/clear-session.js';
import { Input } from '../engine/input.js';
import { Model } from '../engine/model.js';
import type { Config } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { modelFromJson } from '../saving/load-model.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, isGoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import { withoutDefaults } from '../test-support/model-configs.js';
import * as ops from './index.js';

interface NodeCase {
  readonly name: string;
  readonly op: string;
  readonly arguments: readonly unknown[];
  readonly options: { readonly [name: string]: unknown };
  readonly outputs: readonly GoldenArray[];
  /** The config of the model that is this one call. */
  readonly model?: Config;
}

type AnyOp = (...parameters: unknown[]) => unknown;

function fill(value: unknown, replace: (array: GoldenArray) => unknown): unknown {
  if (isGoldenArray(value)) return replace(value);
  return Array.isArray(value) ? value.map((item) => fill(item, replace)) : value;
}

function arraysOf(golden: NodeCase): GoldenArray[] {
  const found: GoldenArray[] = [];
  for (const argument of golden.arguments) fill(argument, (array) => found.push(array));
  return found;
}

/** The model of the case, made here. */
function made(golden: NodeCase): unknown {
  clearSession();
  const inputs: unknown[] = [];
  const parameters = golden.arguments.map((argument) =>
    fill(argument, ({ shape, dtype }) => {
      const input = Input({ batchShape: shape, dtype });
      inputs.push(input);
      return input;
    }),
  );
  if (Object.keys(golden.options).length > 0) parameters.push(golden.options);
  const outputs = (ops as unknown as { [name: string]: AnyOp })[golden.op]!(...parameters);
  return Model(inputs as never, outputs as never);
}

const saved = (model: unknown): unknown => withoutDefaults(JSON.parse(JSON.stringify(serializeKerasObject(model))));
/** Keras writes arrays into configs; here they are read only. */
const holdsArray = (golden: NodeCase): boolean => JSON.stringify(golden.model).includes('__numpy__');
const cases = readGoldens<NodeCase>('ops').filter(({ model }) => model !== undefined);

describe('nodes are written as by Keras', () => {
  const written = cases.filter((golden) => !holdsArray(golden));
  it.each(written.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
    expect(saved(made(golden))).toEqual(withoutDefaults(golden.model));
  });
});

onDevices('nodes that Keras wrote', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    const model = await modelFromJson(JSON.stringify(golden.model));
    if (!holdsArray(golden)) expect(saved(model)).toEqual(withoutDefaults(golden.model));
    const tensors = arraysOf(golden).map(toTensor);
    const outputs = flatten<Tensor>(model((tensors.length === 1 ? tensors[0] : tensors) as never));
    for (const [i, expected] of golden.outputs.entries()) await expectClose(outputs[i]!, expected, `output ${i}`);
  });
});
