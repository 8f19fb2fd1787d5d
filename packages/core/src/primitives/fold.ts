/** Reductions and windows with any body. */
import type { OpAttributes, WindowAttributes } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Region, regionOf } from '../transform/region.js';
import { emitted, emittedMany, nodeOf } from './apply.js';

/** body: (accumulators…, elements…) → accumulators…, on scalars. */
export function reduce(
  xs: readonly Tensor[],
  initials: readonly Tensor[],
  dimensions: readonly number[],
  body: Region,
): Tensor[] {
  const scalars = [...initials, ...xs].map(({ dtype }) => ({ dtype, shape: [] }));
  const region = regionOf('reduce', body, scalars);
  return emittedMany(emit.reduce(emitter, xs.map(nodeOf), initials.map(nodeOf), dimensions, region));
}

export function reduceProd(x: Tensor, dimensions: readonly number[]): Tensor {
  if (dimensions.length === 0) return x;
  return emitted(emit.reduceProd(emitter, nodeOf(x), dimensions));
}

export type ReduceWindowAttributes = Omit<OpAttributes['reduce_window'], 'body' | 'baseDilations' | 'windowDilations'> &
  Partial<Pick<OpAttributes['reduce_window'], 'baseDilations' | 'windowDilations'>> & { readonly body: Region };

export function reduceWindow(x: Tensor, initial: Tensor, attributes: ReduceWindowAttributes): Tensor {
  const scalars = [initial, x].map(({ dtype }) => ({ dtype, shape: [] }));
  const undilated = x.shape.map(() => 1);
  const results = emit.reduceWindow(emitter, [nodeOf(x)], [nodeOf(initial)], {
    windowDimensions: attributes.windowDimensions,
    windowStrides: attributes.windowStrides,
    padding: attributes.padding,
    baseDilations: attributes.baseDilations ?? undilated,
    windowDilations: attributes.windowDilations ?? undilated,
    body: regionOf('reduce_window', attributes.body, scalars),
  });
  return emittedMany(results)[0]!;
}

export type SelectAndScatterAttributes = WindowAttributes & { readonly select: Region; readonly scatter: Region };

export function selectAndScatter(
  x: Tensor,
  source: Tensor,
  initial: Tensor,
  attributes: SelectAndScatterAttributes,
): Tensor {
  const scalars = [x, x].map(({ dtype }) => ({ dtype, shape: [] }));
  const result = emit.selectAndScatter(emitter, nodeOf(x), nodeOf(source), nodeOf(initial), {
    windowDimensions: attributes.windowDimensions,
    windowStrides: attributes.windowStrides,
    padding: attributes.padding,
    select: regionOf('select_and_scatter', attributes.select, scalars),
    scatter: regionOf('select_and_scatter', attributes.scatter, scalars),
  });
  return emitted(result);
}
