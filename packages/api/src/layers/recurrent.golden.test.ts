/** Recurrent layers and their wrappers against Keras on JAX: outputs, states, gradients, masks, configs, shapes. */

import { isTensor, type Tensor, valueAndGradVariables, vjp } from '@ceratops/core';
import { expect, it } from 'vitest';
import { KerasTensor } from '../engine/keras-tensor.js';
import type { CallOptions, Layer } from '../engine/layer.js';
import { maskOf } from '../engine/masks.js';
import type { Config } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { add, multiply, sum } from '../ops/common.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as layers from './index.js';

interface RecurrentCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly input: GoldenArray;
  readonly mask: GoldenArray | null;
  readonly initial: readonly GoldenArray[];
  readonly training: boolean | null;
  readonly weights: readonly GoldenArray[];
  readonly state: readonly GoldenArray[];
  readonly paths: readonly string[];
  readonly outputs: readonly GoldenArray[];
  readonly newState: readonly GoldenArray[];
  readonly cotangents: readonly GoldenArray[];
  readonly weightGradients: readonly GoldenArray[];
  readonly inputGradient: GoldenArray;
  readonly initialGradients: readonly GoldenArray[];
  readonly outputShapes: readonly (readonly (number | null)[])[];
  readonly masked: readonly boolean[];
}

type AnyLayer = Layer<Tensor, Tensor>;

const cases = readGoldens<RecurrentCase>('recurrent');

function make({ className, config }: RecurrentCase): AnyLayer {
  const classes = layers as unknown as { [name: string]: { fromConfig(config: Config): AnyLayer } };
  return classes[className]!.fromConfig(config);
}

function prepared(golden: RecurrentCase): AnyLayer {
  const layer = make(golden);
  layer.build(golden.input.shape);
  layer.trainableVariables.forEach((variable, i) => {
    variable.assign(toTensor(golden.weights[i]!));
  });
  layer.nonTrainableVariables.forEach((variable, i) => {
    variable.assign(toTensor(golden.state[i]!));
  });
  return layer;
}

function callOptions({ training, mask }: RecurrentCase, initial: readonly Tensor[]): CallOptions {
  return {
    training: training ?? undefined,
    mask: mask === null ? undefined : toTensor(mask),
    ...(initial.length > 0 ? { initialState: initial } : {}),
  };
}

onDevices('recurrent layers', () => {
  for (const golden of cases) {
    it(`${golden.name}: outputs, states and masks`, async () => {
      const layer = prepared(golden);
      const outputs = flatten<Tensor>(layer(toTensor(golden.input), callOptions(golden, golden.initial.map(toTensor))));
      expect(outputs).toHaveLength(golden.outputs.length);
      for (const [i, output] of outputs.entries()) await expectClose(output, golden.outputs[i]!, `output ${i}`);
      for (const [i, variable] of layer.nonTrainableVariables.entries()) {
        await expectClose(variable.value, golden.newState[i]!, variable.name);
      }
      golden.masked.forEach((isMasked, i) => {
        expect(maskOf(outputs[i]) !== undefined, `mask of output ${i}`).toBe(isMasked);
      });
    });

    it(`${golden.name}: gradients`, async () => {
      const cotangents = golden.cotangents.map(toTensor);
      const total = (layer: AnyLayer, x: Tensor, initial: readonly Tensor[]): Tensor => {
        const outputs = flatten<Tensor>(layer(x, callOptions(golden, initial)));
        return outputs.map((output, i) => sum(multiply(output, cotangents[i]!))).reduce((a, b) => add(a, b));
      };
      const given = [golden.input, ...golden.initial].map(toTensor);
      const layer = prepared(golden);
      const [, pullback] = vjp((x: Tensor, ...initial: Tensor[]) => total(layer, x, initial), ...(given as [Tensor]));
      const gradients = flatten<Tensor>(pullback(toTensor({ dtype: 'float32', shape: [], data: 'AACAPw==' }))).filter(
        isTensor,
      );
      for (const [i, expected] of [golden.inputGradient, ...golden.initialGradients].entries()) {
        await expectClose(gradients[i]!, expected, `input ${i}`);
      }
      const fresh = prepared(golden);
      if (fresh.trainableVariables.length === 0) return;
      const [x, ...initial] = given as [Tensor, ...Tensor[]];
      const [, own] = valueAndGradVariables(() => total(fresh, x, initial), fresh.trainableVariables)();
      for (const [i, expected] of golden.weightGradients.entries()) {
        await expectClose(own[i]!, expected, fresh.trainableVariables[i]!.name);
      }
    });
  }
});

for (const golden of cases) {
  it(`${golden.name}: config, paths and shapes`, () => {
    const layer = make(golden);
    const shape = [null, ...golden.input.shape.slice(1)];
    expect(layer.getConfig()).toEqual(golden.config);
    layer.build(shape);
    expect(layer.weights.map(({ path }) => path)).toEqual(golden.paths);
    expect(layer.supportsMasking).toBe(true);
    const outputs = layer(new KerasTensor(shape, 'float32') as never) as unknown;
    expect(flatten<KerasTensor>(outputs).map(({ shape: found }) => found)).toEqual(golden.outputShapes);
  });
}
