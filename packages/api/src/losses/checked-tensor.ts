import { isTensor, type Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { show } from '../engine/show.js';

/** What a user's loss or metric function gave. @throws INVALID_ARGUMENT unless it is a tensor. */
export function checkedTensor(subject: string, value: unknown): Tensor {
  if (isTensor(value)) return value;
  throw new CeratopsError('INVALID_ARGUMENT', 'the function returned no tensor', {
    subject,
    expected: 'a tensor with a value for each sample',
    received: show(value),
  });
}
