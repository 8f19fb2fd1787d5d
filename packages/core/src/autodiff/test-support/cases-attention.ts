import { attention } from '@ceratops/kernel-registry/composites';
import * as emit from '@ceratops/kernel-registry/emit';
import { booleans, type CaseInput, floats, func, type GradientCase } from './case.js';

function attending(name: string, heads: number, causal: boolean, extras: readonly CaseInput[] = []): GradientCase {
  const inputs = [
    floats([2, 2, 2, 3]),
    floats([2, 3, heads, 3], -2, 2, 2),
    floats([2, 3, heads, 2], -2, 2, 3),
    ...extras,
  ];
  return func(`attention, ${name}`, inputs, (e, ...values) =>
    emit.composite(e, attention, values, { scale: 0.7, causal }),
  );
}

const seen: CaseInput = booleans([1, 1, 2, 3], [1, 0, 1, 0, 0, 0]);

export const attentionCases: readonly GradientCase[] = [
  attending('plain', 2, false),
  attending('causal, of heads that share keys', 1, true),
  attending('with a bias for all samples and a mask', 2, false, [floats([1, 2, 2, 3], -1, 1, 4), seen]),
];
