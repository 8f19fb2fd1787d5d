/** Scans that run several iterations at a time. */
import { CeratopsError, formatType, sameType } from '@ceratops/kernel-registry';
import type { Tensor } from '../tensor/tensor.js';
import { nodeOf } from './apply.js';
import { scanInChunks } from './chunked-scan.js';
import { concatenate, reshape, slice } from './movement.js';
import { lengthOf, type ScanBody, type ScanOptions, type ScanResults, scanOver } from './scan.js';

/**
 * `scan` with `times` iterations in a row for each one of the loop, as the `unroll` of `jax.lax.scan`: what one leaves and the next
 * takes need not go through memory, for a larger program. No loop is left where `times` is the length or more.
 * @throws CeratopsError as `scan` does; INVALID_ARGUMENT for `times` below 1.
 */
export function unrolledScan(
  body: ScanBody,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
  times: number,
  options: ScanOptions = {},
): ScanResults {
  if (!(times >= 1) || (Number.isFinite(times) && !Number.isInteger(times))) {
    throw new CeratopsError('INVALID_ARGUMENT', "bad 'unroll'", {
      subject: 'scan',
      expected: 'a whole number of iterations, 1 or more',
      received: `${times}`,
    });
  }
  const length = lengthOf(elements, options.length);
  const reverse = options.reverse ?? false;
  // What a body without iterations gives is known only to a loop.
  if (times === 1 || length === 0) return scanOver(body, carries, elements, length, reverse);
  const inRow = (given: readonly Tensor[], slices: readonly Tensor[], count: number): ScanResults =>
    straight(body, given, slices, count, reverse);
  if (times >= length) return inRow(carries, elements, length);
  const chunk: ScanBody = (given, slices) => inRow(given, slices, times);
  return scanInChunks({ chunk, rest: inRow, every: times, length, reverse }, carries, elements);
}

/** One iteration after the other, without a loop. */
function straight(
  body: ScanBody,
  carries: readonly Tensor[],
  elements: readonly Tensor[],
  count: number,
  reverse: boolean,
): ScanResults {
  const rows: (readonly Tensor[])[] = [];
  let carried = [...carries];
  let last: readonly Tensor[] = [];
  for (let step = 0; step < count; step++) {
    const at = reverse ? count - 1 - step : step;
    const [next, outputs, final = []] = body(
      carried,
      elements.map((element) => rowOf(element, at)),
    );
    checkCarries(carries, next);
    carried = [...next];
    rows[at] = outputs;
    last = final;
  }
  const stacks = rows[0]!.map((_, i) =>
    concatenate(
      rows.map((outputs) => reshape(outputs[i]!, [1, ...outputs[i]!.shape])),
      0,
    ),
  );
  return [carried, stacks, [...last]];
}

function rowOf(x: Tensor, at: number): Tensor {
  const [, ...rest] = x.shape;
  const zeros = rest.map(() => 0);
  return reshape(slice(x, [at, ...zeros], [at + 1, ...rest]), rest);
}

function checkCarries(before: readonly Tensor[], after: readonly Tensor[]): void {
  const types = (tensors: readonly Tensor[]): string =>
    tensors.map((tensor) => formatType(nodeOf(tensor).type)).join(', ');
  const fits =
    before.length === after.length && before.every((carry, i) => sameType(nodeOf(carry).type, nodeOf(after[i]!).type));
  if (fits) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'the carries change from one iteration to the next', {
    subject: 'scan',
    expected: types(before),
    received: types(after),
  });
}
