/**
 * `ceratops.scan@1`: a loop with a known number of iterations over slices of tensors, as `jax.lax.scan`.
 *
 * Operands: constants, initial carries, elements, which are sliced along their first dimension, one slice an iteration. Results: final
 * carries, then one stack per further output of the body.
 */
import type { Emitter } from '../../builder.js';
import {
  type CompositeAttributes,
  type CompositeDefinition,
  defineComposite,
  registerComposite,
} from '../../composite.js';
import { argumentError, fail, formatTypes, regionOutputs, sameTypes, shapeError } from '../../infer/rule.js';
import { formatType, type TensorType, tensorType } from '../../tensor-type.js';
import { lateDecomposition } from '../late.js';
import {
  emitAgain,
  type ScanAttributes,
  type ScanOperands,
  type ScanResults,
  scanAttributes,
  scanName,
  stackType,
} from './attributes.js';
import { scanGradient } from './gradient.js';

function inferScan(operands: readonly TensorType[], attributes: CompositeAttributes): readonly TensorType[] {
  const { body, constants, carries, length } = scanAttributes(attributes);
  if (!Number.isInteger(length) || length < 0) argumentError(scanName, 'bad length', 'an integer ≥ 0', `${length}`);
  const outer = constants + carries;
  const slices = operands.slice(outer).map((type, i) => {
    if (type.shape[0] !== length) {
      shapeError(scanName, `element ${i} does not have the length`, `[${length}, …]`, formatType(type));
    }
    return tensorType(type.dtype, type.shape.slice(1));
  });
  const takes = body.inputs.map(({ type }) => type);
  const given = [...operands.slice(0, outer), ...slices];
  if (!sameTypes(takes, given)) {
    fail(
      'INVALID_PROGRAM',
      scanName,
      'the body does not take what it is given',
      formatTypes(given),
      formatTypes(takes),
    );
  }
  const outputs = regionOutputs(body);
  checkCarries(operands.slice(constants, outer), outputs);
  return [...outputs.slice(0, carries), ...outputs.slice(carries).map((type) => stackType(type, length))];
}

function checkCarries(carries: readonly TensorType[], outputs: readonly TensorType[]): void {
  carries.forEach((carry, i) => {
    const next = outputs[i];
    if (next !== undefined && sameTypes([carry], [next])) return;
    fail(
      'INVALID_ARGUMENT',
      'scan',
      `the carry ${i} changes its type from one iteration to the next`,
      formatType(carry),
      next === undefined ? `${outputs.length} results` : formatType(next),
    );
  });
}

export const scan: CompositeDefinition = /*#__PURE__*/ defineComposite({
  name: scanName,
  infer: inferScan,
  decompose: /*#__PURE__*/ lateDecomposition(scanName),
  rule: scanGradient,
});

/** @throws CeratopsError INVALID_ARGUMENT, INVALID_PROGRAM or SHAPE_MISMATCH when operands and body do not fit. */
export function emitScan(
  emitter: Emitter,
  operands: ScanOperands,
  how: Pick<ScanAttributes, 'body' | 'length' | 'reverse'>,
): ScanResults {
  registerComposite(scan);
  return emitAgain(emitter, operands, how);
}
