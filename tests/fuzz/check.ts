/** Holds what every variant computes against the evaluator's value and its error bound, and against each other bit by bit. */

import {
  type DType,
  decodeBfloat16,
  decodeFloat16,
  formatType,
  type HostArray,
  isFloating,
  outputTypes,
  validateProgram,
} from '@ceratops/kernel-registry';
import { type BoundedResult, evaluateWithBounds } from '@ceratops/kernel-registry/evaluator';
import { runEverywhere } from './backends.js';
import type { Case } from './random-program.js';

export interface Verdict {
  /** What went wrong first; undefined when nothing did. */
  readonly failure: string | undefined;
  readonly elements: number;
  /** Elements that no bound says anything about. */
  readonly unknown: number;
}

export function check({ program, inputs }: Case): Verdict {
  let elements = 0;
  let unknown = 0;
  try {
    validateProgram(program);
    const expected = evaluateWithBounds(program, inputs);
    for (const { error } of expected) {
      elements += error.length;
      for (const bound of error) if (bound === Number.POSITIVE_INFINITY) unknown++;
    }
    return { failure: differences({ program, inputs }, expected), elements, unknown };
  } catch (error) {
    return { failure: error instanceof Error ? `${error.stack}` : String(error), elements, unknown };
  }
}

function differences(current: Case, expected: readonly BoundedResult[]): string | undefined {
  const types = outputTypes(current.program);
  const runs = runEverywhere(current);
  const byName = new Map(runs.map((run) => [run.name, run.outputs]));
  for (const { name, sameAs, outputs } of runs) {
    for (const [i, actual] of outputs.entries()) {
      const where = `${name}, output ${i} (${formatType(types[i]!)})`;
      const twin = sameAs === undefined ? undefined : byName.get(sameAs)![i]!;
      const wrong =
        twin === undefined ? outside(actual, expected[i]!, types[i]!.dtype) : differentBits(actual, twin, sameAs!);
      if (wrong !== undefined) return `${where}, ${wrong}`;
    }
  }
  return undefined;
}

function outside(actual: HostArray, { value, error }: BoundedResult, dtype: DType): string | undefined {
  const decode = dtype === 'float16' ? decodeFloat16 : dtype === 'bfloat16' ? decodeBfloat16 : undefined;
  for (let i = 0; i < error.length; i++) {
    const [x, y, bound] = [decode === undefined ? actual[i]! : decode(Number(actual[i])), value[i]!, error[i]!];
    if (x === y || bound === Number.POSITIVE_INFINITY || (Number.isNaN(x) && Number.isNaN(y))) continue;
    // The bounds themselves are computed in float64.
    if (isFloating(dtype) && Math.abs(Number(x) - Number(y)) <= bound * (1 + 1e-6)) continue;
    return `element ${i} is ${x}, expected ${y} ± ${bound}`;
  }
  return undefined;
}

function differentBits(actual: HostArray, twin: HostArray, other: string): string | undefined {
  const [a, b] = [bytesOf(actual), bytesOf(twin)];
  const at = a.findIndex((byte, i) => byte !== b[i]);
  if (at < 0 && a.length === b.length) return undefined;
  const element = Math.floor(at / actual.BYTES_PER_ELEMENT);
  return `element ${element} is ${actual[element]}, and ${twin[element]} of the variant "${other}"`;
}

function bytesOf(data: HostArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
