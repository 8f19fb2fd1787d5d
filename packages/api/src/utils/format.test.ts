import { expect, test } from 'vitest';
import { fixed } from './format.js';

// What Python 3.11 prints for f'{value:.{digits}f}'.
test.each([
  [408.125, 2, '408.12'],
  [0.03125, 4, '0.0312'],
  [0.09375, 4, '0.0938'],
  [2.5, 0, '2'],
  [-0.125, 2, '-0.12'],
  [1.005, 2, '1.00'],
  [2.34512, 4, '2.3451'],
])('%d to %i digits', (value, digits, text) => {
  expect(fixed(value, digits)).toBe(text);
});
