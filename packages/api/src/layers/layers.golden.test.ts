/** Every layer of the slice against Keras on JAX: outputs, gradients, masks, state, shapes, configs. */

import { type Tensor, valueAndGradVariables, vjp } from '@ceratops/core';
import { expect, it } from 'vitest';
import { KerasTensor } from '../engine/keras-tensor.js';
import type { CallOptions, Layer } from '../engine/layer.js';
import { setRandomSeed } from '../engine/random-state.js';
import type { Config } from '../engine/table.js';
import { multiply } from '../ops/arithmetic.js';
import { sum } from '../ops/reductions.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as layers from './index.js';

interface LayerCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly inputs: readonly GoldenArray[];
  readonly weights: readonly GoldenArray[];
  readonly state: readonly GoldenArray[];
  readonly names: readonly string[];
  readonly training: boolean | null;
  readonly mask: GoldenArray | null;
  readonly output: GoldenArray;
  readonly newState: readonly GoldenArray[];
  readonly outputShape: readonly (number | null)[];
  readonly supportsMasking: boolean;
  /** The first weights after `set_random_seed`, where any of them are random. */
  readonly initial?: readonly GoldenArray[];
  readonly seed?: number;
  readonly cotangent?: GoldenArray;
  readonly weightGradients?: readonly GoldenArray[];
  readonly inputGradients?: readonly GoldenArray[];
}

type AnyLayer = Layer<Tensor | readonly Tensor[], Tensor>;

const cases = readGoldens<LayerCase>('layers');

function make({ className, config }: LayerCase): AnyLayer {
  const classes = layers as unknown as { [name: string]: { fromConfig(config: Config): AnyLayer } };
  return classes[className]!.fromConfig(config);
}

function one<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? list[0]! : list;
}

/** The layer built, with the golden's weights. */
function prepared(golden: LayerCase): AnyLayer {
  const layer = make(golden);
  layer.build(one(golden.inputs.map(({ shape }) => shape)));
  layer.trainableVariables.forEach((variable, i) => {
    variable.assign(toTensor(golden.weights[i]!));
  });
  layer.nonTrainableVariables.forEach((variable, i) => {
    variable.assign(toTensor(golden.state[i]!));
  });
  return layer;
}

function callOptions({ training, mask }: LayerCase): CallOptions {
  return { training: training ?? undefined, mask: mask === null ? undefined : toTensor(mask) };
}

onDevices('layers', () => {
  for (const golden of cases) {
    it(`${golden.name}: output and state`, async () => {
      const layer = prepared(golden);
      const output = layer(one(golden.inputs.map(toTensor)), callOptions(golden));
      await expectClose(output, golden.output, 'output');
      for (const [i, variable] of layer.nonTrainableVariables.entries()) {
        await expectClose(variable.value, golden.newState[i]!, variable.name);
      }
    });

    if (golden.initial !== undefined) {
      it(`${golden.name}: first weights`, async () => {
        setRandomSeed(golden.seed!);
        const layer = make(golden);
        layer.build(one(golden.inputs.map(({ shape }) => shape)));
        for (const [i, expected] of golden.initial!.entries())
          await expectClose(layer.weights[i]!.value, expected, golden.names[i]!);
      });
    }

    if (golden.cotangent !== undefined) {
      it(`${golden.name}: gradients`, async () => {
        const layer = prepared(golden);
        const inputs = golden.inputs.map(toTensor);
        const cotangent = toTensor(golden.cotangent!);
        if (golden.inputGradients !== undefined) {
          const forward = (...xs: Tensor[]): Tensor => layer(one(xs), callOptions(golden));
          const [, pullback] = vjp(forward as never, ...(inputs as never[])) as [unknown, (c: Tensor) => Tensor[]];
          const gradients = [pullback(cotangent)].flat() as Tensor[];
          for (const [i, expected] of golden.inputGradients.entries())
            await expectClose(gradients[i]!, expected, `input ${i}`);
        }
        const fresh = prepared(golden);
        if (fresh.trainableVariables.length === 0) return;
        const loss = (): Tensor => sum(multiply(fresh(one(inputs), callOptions(golden)), cotangent));
        const [, gradients] = valueAndGradVariables(loss, fresh.trainableVariables)();
        for (const [i, expected] of golden.weightGradients!.entries()) {
          await expectClose(gradients[i]!, expected, fresh.trainableVariables[i]!.name);
        }
      });
    }
  }
});

for (const golden of cases) {
  it(`${golden.name}: config, names and shapes`, () => {
    const layer = make(golden);
    const shapes = golden.inputs.map(({ shape }) => [null, ...shape.slice(1)]);
    const [first] = shapes;
    const spread = shapes.length === 1 ? first! : shapes;
    layer.build(spread);
    expect(layer.getConfig()).toEqual(golden.config);
    expect(layer.weights.map(({ name }) => name)).toEqual(golden.names);
    expect(layer.supportsMasking).toBe(golden.supportsMasking);
    const symbolic = golden.inputs.map(({ dtype }, i) => new KerasTensor(shapes[i]!, dtype));
    const output = (layer as unknown as (x: unknown) => KerasTensor)(one(symbolic));
    expect(output.shape).toEqual(golden.outputShape);
  });
}
