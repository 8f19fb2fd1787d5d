import type { Tensor } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { AnyLayer } from '../engine/call-context.js';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import type { CallOptions, Layer } from '../engine/layer.js';
import { flatten } from '../engine/tree.js';
import { sum } from '../ops/common.js';
import { shapeOfMask } from './mask-shape.js';
import { timeFirst } from './time-first.js';
import type { WrapperOptions } from './wrapper.js';
import { WrapperClass } from './wrapper-base.js';

class TimeDistributedClass extends WrapperClass {
  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.inputSpec = { minRank: 3 };
  }

  override build(inputShape: SymbolicShape): void {
    super.build(sliceShape(inputShape));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const [batch, ...rest] = this.layer.computeOutputShape(sliceShape(inputShape)) as SymbolicShape;
    return [batch!, inputShape[1]!, ...rest];
  }

  override call(inputs: Tensor, { training, mask }: CallOptions): Tensor {
    const counts = flatten<Tensor | undefined>(mask)[0];
    if (counts !== undefined) checkMask(counts, inputs);
    const elements = (counts === undefined ? [inputs] : [inputs, counts]).map(timeFirst);
    const [, [outputs, ...losses]] = prim.scan(
      (_carries, [slice, present]) => {
        const [output, added] = withOwnLosses(this.layer as AnyLayer, () =>
          this.layer.call(slice!, { training, mask: present }),
        );
        return [[], [output, ...added]];
      },
      [],
      elements,
    );
    for (const loss of losses) this.addLoss(sum(loss));
    return timeFirst(outputs!);
  }
}

function sliceShape([batch, , ...rest]: SymbolicShape): SymbolicShape {
  return [batch!, ...rest];
}

function checkMask(mask: Tensor, inputs: Tensor): void {
  const shape = shapeOfMask('the mask', mask);
  const fits = shape.length >= 2 && shape[0] === inputs.shape[0] && shape[1] === inputs.shape[1];
  if (fits) return;
  throw new CeratopsError('SHAPE_MISMATCH', 'the mask does not fit the sequences', {
    expected: `[${inputs.shape[0]}, ${inputs.shape[1]}, …]: batch and time`,
    received: `[${shape.join(', ')}]`,
  });
}

/** What `body` gives, and the losses that it added to the layers below: values of one step, which may not outlive it. */
function withOwnLosses(layer: AnyLayer, body: () => Tensor): readonly [Tensor, Tensor[]] {
  const states = [layer, ...layer.flattenLayers()].map(({ $layer }) => $layer);
  const before = states.map(({ losses }) => losses);
  for (const state of states) state.losses = [];
  try {
    const result = body();
    return [result, states.flatMap(({ losses }) => losses)];
  } finally {
    states.forEach((state, i) => {
      state.losses = before[i]!;
    });
  }
}

/** A layer applied to every step of a sequence. */
export interface TimeDistributed extends TimeDistributedClass {}

export interface TimeDistributedConstructor {
  /** Applies a layer to every step along axis 1 of [batch, time, …], one after the other, with the same weights. */
  new (layer: Layer<never, unknown>, options?: WrapperOptions): TimeDistributed;
  /** Applies a layer to every step along axis 1 of [batch, time, …], one after the other, with the same weights. */
  (layer: Layer<never, unknown>, options?: WrapperOptions): TimeDistributed;
  readonly prototype: TimeDistributed;
}

export const TimeDistributed: TimeDistributedConstructor = /*#__PURE__*/ define(
  'TimeDistributed',
  TimeDistributedClass,
  { module: 'keras.layers' },
);
