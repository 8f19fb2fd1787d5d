/** What asks for the place of an extreme, as `argMax` and `argMin` of core have it. */

import {
  buildProgram,
  type DType,
  type Emitter,
  identityOf,
  type Program,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';

const place = tensorType('int32', []);

function body(dtype: DType, direction: 'GT' | 'LT'): Program {
  const value = tensorType(dtype, []);
  return buildProgram([value, place, value, place], (e, a, at, b, next) => {
    const [held, given] = [emit.compare(e, a!, a!, 'NE'), emit.compare(e, b!, b!, 'NE')];
    const equal = emit.or(e, emit.compare(e, b!, a!, 'EQ'), emit.and(e, given, held));
    const better = emit.or(e, emit.compare(e, b!, a!, direction), emit.and(e, given, emit.not(e, held)));
    const earlier = emit.and(e, equal, emit.compare(e, next!, at!, 'LT'));
    const takes = emit.and(e, emit.or(e, better, earlier), emit.or(e, given, emit.not(e, held)));
    return [emit.select(e, takes, b!, a!), emit.select(e, takes, next!, at!)];
  });
}

/** The extreme along an axis, and its place; `first` is the place that goes with the initial value. */
export function extremeAndPlace(
  e: Emitter,
  x: Value,
  axis: number,
  op: 'maximum' | 'minimum',
  first = 0,
): readonly Value[] {
  const { dtype, shape } = x.type;
  const initials = [emit.fill(e, tensorType(dtype, []), identityOf(op, dtype)), emit.fill(e, place, first)];
  const indices = emit.iota(e, tensorType('int32', shape), axis);
  return emit.reduce(e, [x, indices], initials, [axis], body(dtype, op === 'maximum' ? 'GT' : 'LT'));
}
