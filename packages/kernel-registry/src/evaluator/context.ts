/** What a rule gets to work with, and the shape of every rule. */

import { type DType, dtypes } from '../dtype.js';
import type { OpAttributes, OpName } from '../opset.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';
import { complexFamily } from './complex.js';
import type { Family } from './family.js';
import { floatFamily } from './float.js';
import { bigIntegerFamily, boolFamily, smallIntegerFamily } from './integer.js';
import { type Round, roundOnce, roundResult } from './rounding.js';
import type { Scalar, Tensor } from './tensor.js';

export interface Context {
  /** The scalar functions of a dtype. */
  family(dtype: DType): Family<Scalar>;
  /** One rounding of an exact value to a float or complex dtype. */
  round(dtype: DType): Round;
  /** Runs a program or a region. */
  run(program: Program, inputs: readonly Tensor[]): Tensor[];
}

export interface Call<O extends OpName> {
  readonly operands: readonly Tensor[];
  readonly attributes: OpAttributes[O];
  readonly results: readonly TensorType[];
}

/** What an op computes: fresh tensors, one per result type. */
export type EvaluateRule<O extends OpName> = (call: Call<O>, context: Context) => Tensor[];

const exact: Round = (x) => x;

function createFamily(dtype: DType, round: Round): Family<Scalar> {
  const { kind, bits } = dtypes[dtype];
  const signed = kind === 'int';
  const create = {
    bool: () => boolFamily,
    int: () => (bits === 64 ? bigIntegerFamily(signed) : smallIntegerFamily(bits, signed)),
    uint: () => (bits === 64 ? bigIntegerFamily(signed) : smallIntegerFamily(bits, signed)),
    float: () => floatFamily(round),
    complex: () => complexFamily(round),
  };
  // A family is only ever given the scalars of its own dtype.
  return create[kind]() as unknown as Family<Scalar>;
}

export function createContext(
  widenFloats: boolean,
  run: (context: Context, ...args: Parameters<Context['run']>) => Tensor[],
): Context {
  const families = new Map<DType, Family<Scalar>>();
  const context: Context = {
    family(dtype) {
      let family = families.get(dtype);
      if (!family) {
        family = createFamily(dtype, widenFloats ? exact : (roundResult[dtype] ?? exact));
        families.set(dtype, family);
      }
      return family;
    },
    round: (dtype) => (widenFloats ? exact : (roundOnce[dtype] ?? exact)),
    run: (program, inputs) => run(context, program, inputs),
  };
  return context;
}
