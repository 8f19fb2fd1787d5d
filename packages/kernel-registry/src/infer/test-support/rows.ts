/** Tables of operands and attributes, and what `infer` makes of them. */

import { describe, expect, it } from 'vitest';
import { infer } from '../../any-op.js';
import type { DType } from '../../dtype.js';
import type { CeratopsError } from '../../errors.js';
import type { OpName } from '../../opset.js';
import { formatType, type TensorType } from '../../tensor-type.js';

/** `float32[2,3]` as a type. */
export function t(text: string): TensorType {
  const [, dtype, dimensions] = /^(\w+)\[(.*)\]$/.exec(text)!;
  return { dtype: dtype as DType, shape: dimensions === '' ? [] : dimensions!.split(',').map(Number) };
}

interface Row {
  readonly op: OpName;
  readonly operands: readonly string[];
  readonly attributes?: unknown;
}

export interface Good extends Row {
  readonly results: readonly string[];
}

export interface Bad extends Row {
  readonly code: CeratopsError['code'];
  readonly message: RegExp;
}

const describeCase = ({ op, operands }: Row): string => `${op}(${operands.join(', ')})`;

function inferred({ op, operands, attributes }: Row): string[] {
  return infer(op, operands.map(t), (attributes ?? {}) as never).map(formatType);
}

export function describeInfer(subject: string, good: readonly Good[], bad: readonly Bad[]): void {
  describe(`infer: ${subject}`, () => {
    it.each(good.map((row) => [describeCase(row), row] as const))('%s', (_, row) => {
      expect(inferred(row)).toEqual(row.results);
    });

    it.each(bad.map((row) => [describeCase(row), row] as const))('refuses %s', (_, row) => {
      const act = (): unknown => inferred(row);
      expect(act).toThrowError(expect.objectContaining({ name: 'CeratopsError', code: row.code }));
      expect(act).toThrow(row.message);
    });
  });
}
