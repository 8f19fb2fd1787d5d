/** Reverse mode of slices at computed places; both ops are linear. */
import * as emit from '../emit/index.js';
import { linear, type VjpRules } from './rule.js';
import { zerosOf } from './support.js';

export const dynamicSliceVjp: VjpRules<'dynamic_slice' | 'dynamic_update_slice'> = {
  dynamic_slice: linear(({ emitter, cotangent, operands: [x, ...starts] }) => [
    emit.dynamicUpdateSlice(emitter, zerosOf(emitter, x!.type), cotangent, starts),
  ]),
  dynamic_update_slice: linear(({ emitter, cotangent, operands: [, update, ...starts], needed }) => [
    needed[0] ? emit.dynamicUpdateSlice(emitter, cotangent, zerosOf(emitter, update!.type), starts) : undefined,
    needed[1] ? emit.dynamicSlice(emitter, cotangent, starts, update!.type.shape) : undefined,
  ]),
};
