/** Reverse mode of complex numbers and their parts. */
import { isComplex } from '../dtype.js';
import * as emit from '../emit/index.js';
import { linear, type VjpRules } from './rule.js';
import { zerosOf } from './support.js';

export const complexVjp: VjpRules<'complex' | 'real' | 'imag'> = {
  complex: linear(({ emitter: e, cotangent, needed }) => [
    needed[0] ? emit.real(e, cotangent) : undefined,
    needed[1] ? emit.negate(e, emit.imag(e, cotangent)) : undefined,
  ]),
  real: linear(({ emitter: e, cotangent, operands: [x] }) => [
    isComplex(x!.type.dtype) ? emit.complex(e, cotangent, zerosOf(e, cotangent.type)) : cotangent,
  ]),
  imag: linear(({ emitter: e, cotangent, operands: [x] }) => [
    isComplex(x!.type.dtype) ? emit.complex(e, zerosOf(e, cotangent.type), emit.negate(e, cotangent)) : undefined,
  ]),
};
