/** The attention layers against Keras on JAX: outputs, scores, gradients, first weights, masks, state, configs, models. */

import { isTensor, type Tensor, valueAndGradVariables, vjp } from '@ceratops/core';
import { describe, expect, it } from 'vitest';
import { KerasTensor } from '../engine/keras-tensor.js';
import type { CallOptions, Layer } from '../engine/layer.js';
import { maskOf, setMask } from '../engine/masks.js';
import { setRandomSeed } from '../engine/random-state.js';
import type { Config } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { add, multiply } from '../ops/arithmetic.js';
import { sum } from '../ops/reductions.js';
import { modelFromJson } from '../saving/load-model.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import { withoutDefaults } from '../test-support/model-configs.js';
import * as layers from './index.js';

interface AttentionCase {
  readonly name: string;
  readonly className: string;
  readonly asList: boolean;
  readonly seed: number;
  readonly config: Config;
  readonly build: Config;
  readonly inputs: readonly GoldenArray[];
  readonly masks: readonly (GoldenArray | null)[] | null;
  readonly options: CallOptions;
  readonly arrays: { readonly [name: string]: GoldenArray };
  readonly training: boolean | null;
  readonly initial: readonly GoldenArray[];
  readonly weights: readonly GoldenArray[];
  readonly state: readonly GoldenArray[];
  readonly names: readonly string[];
  readonly outputs: readonly GoldenArray[];
  readonly cotangents: readonly GoldenArray[];
  readonly inputGradients: readonly GoldenArray[];
  readonly weightGradients: readonly GoldenArray[];
  readonly newState: readonly GoldenArray[];
  readonly mask: GoldenArray | null;
}

interface ModelCase {
  readonly model: {
    readonly json: object;
    readonly paths: readonly string[];
    readonly weights: readonly GoldenArray[];
    readonly inputs: readonly GoldenArray[];
    readonly outputs: readonly GoldenArray[];
  };
}

type AnyLayer = Layer<never, unknown>;

const all = readGoldens<AttentionCase | ModelCase>('attention');
const cases = all.filter((golden): golden is AttentionCase => !('model' in golden));
const { model: modelCase } = all.find((golden): golden is ModelCase => 'model' in golden)!;

/** Keras' class names, where they are not those of the exports. */
const exported: { readonly [className: string]: string } = { GroupedQueryAttention: 'GroupQueryAttention' };

function make({ className, config, build }: AttentionCase): AnyLayer {
  const classes = layers as unknown as { [name: string]: { fromConfig(config: Config): AnyLayer } };
  const layer = classes[exported[className] ?? className]!.fromConfig(config);
  layer.buildFromConfig(build);
  return layer;
}

function prepared(golden: AttentionCase): AnyLayer {
  const layer = make(golden);
  layer.trainableVariables.forEach((variable, i) => {
    variable.assign(toTensor(golden.weights[i]!));
  });
  layer.nonTrainableVariables.forEach((variable, i) => {
    variable.assign(toTensor(golden.state[i]!));
  });
  return layer;
}

function call(layer: AnyLayer, golden: AttentionCase, inputs: readonly Tensor[]): Tensor[] {
  golden.masks?.forEach((mask, i) => {
    if (mask !== null) setMask(inputs[i]!, toTensor(mask));
  });
  const arrays = Object.entries(golden.arrays).map(([name, array]) => [name, toTensor(array)]);
  const options = { ...golden.options, ...Object.fromEntries(arrays), training: golden.training ?? undefined };
  const parameters = golden.asList ? [inputs, options] : [...inputs, options];
  return flatten<Tensor>((layer as unknown as (...parameters: unknown[]) => unknown)(...parameters));
}

onDevices('attention layers', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s: outputs, mask and state', async (_, golden) => {
    const layer = prepared(golden);
    const outputs = call(layer, golden, golden.inputs.map(toTensor));
    expect(outputs).toHaveLength(golden.outputs.length);
    for (const [i, output] of outputs.entries()) await expectClose(output, golden.outputs[i]!, `output ${i}`);
    const mask = maskOf(outputs[0]);
    expect(isTensor(mask)).toBe(golden.mask !== null);
    if (golden.mask !== null) await expectClose(mask as Tensor, golden.mask, 'mask');
    for (const [i, variable] of layer.nonTrainableVariables.entries())
      await expectClose(variable.value, golden.newState[i]!, variable.name);
  });

  it.each(cases.map((golden) => [golden.name, golden] as const))('%s: gradients', async (_, golden) => {
    const layer = prepared(golden);
    const forward = (...inputs: Tensor[]): Tensor[] => call(layer, golden, inputs);
    const inputs = golden.inputs.map(toTensor);
    const cotangents = golden.cotangents.map(toTensor);
    const [, pullback] = vjp(forward as never, ...(inputs as never[])) as [unknown, (c: Tensor[]) => Tensor[]];
    const gradients = [pullback(cotangents)].flat();
    for (const [i, expected] of golden.inputGradients.entries())
      await expectClose(gradients[i]!, expected, `input ${i}`);
    const fresh = prepared(golden);
    if (fresh.trainableVariables.length === 0) return;
    const loss = (): Tensor =>
      call(fresh, golden, inputs)
        .map((output, i) => sum(multiply(output, cotangents[i]!)))
        .reduce((a, b) => add(a, b));
    const [, ofWeights] = valueAndGradVariables(loss, fresh.trainableVariables)();
    for (const [i, expected] of golden.weightGradients.entries()) {
      // Keys' biases move all scores of a row alike: their gradients are 0, and what is there is rounding.
      const isRounding = /^key\/bias$/.test(golden.names[i]!);
      if (!isRounding) await expectClose(ofWeights[i]!, expected, golden.names[i]!);
    }
  });

  it.each(cases.map((golden) => [golden.name, golden] as const))('%s: first weights', async (_, golden) => {
    setRandomSeed(golden.seed);
    const layer = make(golden);
    for (const [i, expected] of golden.initial.entries())
      await expectClose(layer.weights[i]!.value, expected, golden.names[i]!);
  });

  it('a model that Keras wrote', async () => {
    const model = await modelFromJson(JSON.stringify(modelCase.json));
    expect(model.weights.map(({ path }) => path)).toEqual(modelCase.paths);
    model.setWeights(modelCase.weights.map(toTensor));
    const outputs = flatten<Tensor>(model(modelCase.inputs.map(toTensor) as never));
    for (const [i, expected] of modelCase.outputs.entries()) await expectClose(outputs[i]!, expected, `output ${i}`);
    const saved: unknown = JSON.parse(JSON.stringify(serializeKerasObject(model)));
    expect(withoutDefaults(saved)).toEqual(withoutDefaults(modelCase.json));
  });

  it('values of another depth than the keys need no scores', async () => {
    const golden = cases.find(({ name }) => name === 'multi head scores')!;
    const outputs = call(prepared(golden), { ...golden, options: {} }, golden.inputs.map(toTensor));
    expect(outputs).toHaveLength(1);
    await expectClose(outputs[0]!, golden.outputs[0]!, 'output');
  });
});

describe('attention layers', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s: config, names and shapes', (_, golden) => {
    const layer = make(golden);
    expect(layer.getConfig()).toEqual(golden.config);
    expect(layer.getBuildConfig()).toEqual(golden.build);
    expect(layer.weights.map(({ path }) => path.slice(path.indexOf('/') + 1))).toEqual(golden.names);
    const symbolic = golden.inputs.map(({ shape, dtype }) => new KerasTensor([null, ...shape.slice(1)], dtype));
    const arrays = Object.entries(golden.arrays).map(([name, { shape, dtype }]) => [
      name,
      new KerasTensor([null, ...shape.slice(1)], dtype),
    ]);
    const options = { ...golden.options, ...Object.fromEntries(arrays) };
    const parameters = golden.asList ? [symbolic, options] : [...symbolic, options];
    const outputs = flatten<KerasTensor>((layer as unknown as (...p: unknown[]) => unknown)(...parameters));
    expect(outputs.map(({ shape }) => shape)).toEqual(golden.outputs.map(({ shape }) => [null, ...shape.slice(1)]));
  });

  it('give scores for each query and key where asked to', () => {
    const [a, b] = [new KerasTensor([null, 4, 6], 'float32'), new KerasTensor([null, 5, 6], 'float32')];
    const [output, scores] = layers.MultiHeadAttention(2, 3)(a, b, { returnAttentionScores: true });
    expect([output.shape, scores.shape]).toEqual([
      [null, 4, 6],
      [null, 2, 4, 5],
    ]);
    const [, weights] = layers.Attention()([a, b], { returnAttentionScores: true });
    expect(weights.shape).toEqual([null, 4, 5]);
  });

  it('say what they take', () => {
    const heads = layers.MultiHeadAttention(2, 3, { name: 'heads' });
    const [a, b] = [new KerasTensor([null, 4, 6], 'float32'), new KerasTensor([null, 5, 6], 'float32')];
    const loose = heads as unknown as (...parameters: unknown[]) => unknown;
    expect(() => loose(a)).toThrow(/'heads'.*expected layer\(query, value\).*received 1/);
    expect(() => loose([a, b])).toThrow(/received a list/);
    expect(() => heads(a, b, a)).toThrow(
      /keys and values differ, expected the positions of the values, \[5\], received \[4\]/,
    );
    expect(() => layers.MultiHeadAttention(2, 3, { flashAttention: true, dropout: 0.5 })).toThrow(
      /dropout needs the scores/,
    );
    expect(() => layers.GroupQueryAttention(2, 3, 2)).toThrow(/multiple of 2, received 3/);
    const scored = layers.Attention() as unknown as (inputs: unknown) => unknown;
    expect(() => scored(a)).toThrow(/expected a list \[query, value\]/);
    expect(() => scored([a])).toThrow(/a list of 1/);
  });
});
