/** What this backend says about ops and dtypes. */

import {
  type DType,
  type DTypeSupport,
  dtypes,
  isComplex,
  type OpName,
  type OpQuery,
  type QueryAnswer,
} from '@ceratops/kernel-registry';
import { isAttention } from './kernels/attention/query.js';
import { registeredKernel } from './kernels/registered.js';

export const backendName = 'cpu';

const support: (dtype: DType) => DTypeSupport = (dtype) => ({
  storage: !isComplex(dtype),
  arithmetic: !isComplex(dtype),
  accelerated: false,
});

export const dtypeSupport: Readonly<Record<DType, DTypeSupport>> = Object.fromEntries(
  (Object.keys(dtypes) as DType[]).map((dtype) => [dtype, support(dtype)]),
) as Record<DType, DTypeSupport>;

/** Ops without code here, with the reason. */
const missing: Partial<Record<OpName, string>> = {
  cholesky: 'no linear algebra yet',
  triangular_solve: 'no linear algebra yet',
  custom_call: 'no kernel is registered',
};

const scalarFunctions: ReadonlySet<string> = /*#__PURE__*/ new Set(['ceratops.erf@1', 'ceratops.logistic@1']);

/** Composites of one float32 that vector functions have code for. */
function isScalarFunction({ operands, attributes }: OpQuery<'composite'>): boolean {
  return scalarFunctions.has(attributes.name) && operands[0]!.dtype === 'float32';
}

export function queryCpu(query: OpQuery): QueryAnswer {
  const { op, operands, results } = query;
  if (registeredKernel(query) !== undefined) return { kind: 'native' };
  if (op === 'composite') {
    const composite = query as OpQuery<'composite'>;
    return { kind: isAttention(composite) || isScalarFunction(composite) ? 'native' : 'decompose' };
  }
  const reason = missing[op];
  if (reason !== undefined) return { kind: 'unsupported', reason };
  const foreign = [...operands, ...results].find(({ dtype }) => isComplex(dtype));
  if (foreign !== undefined) return { kind: 'unsupported', reason: `no ${foreign.dtype} on this backend` };
  return { kind: 'native' };
}
