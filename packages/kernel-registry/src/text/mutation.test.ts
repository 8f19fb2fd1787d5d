/** Damaged text gives a typed error or another program: never a crash, a hang or an error of JavaScript's own. */

import { expect, test } from 'vitest';
import { isCeratopsError } from '../errors.js';
import { parseStableHLO, printStableHLO } from './index.js';
import { generator } from './test-support/random.js';
import { samples } from './test-support/samples.js';

const fragments = [
  '',
  '(',
  ')',
  '{',
  '}',
  '<',
  '>',
  '[',
  ']',
  ',',
  ':',
  '"',
  '%',
  '@',
  '#',
  '0',
  '-1',
  'x',
  'dense',
  '0x',
];

function damage(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  if (random(4) === 0) return text.slice(0, at);
  return text.slice(0, at) + fragments[random(fragments.length)] + text.slice(at + random(4));
}

test('damaged modules', () => {
  const next = generator(7);
  const random = (below: number): number => Math.floor(next() * below);
  const untyped: string[] = [];
  let refused = 0;
  for (const program of Object.values(samples).flat()) {
    const text = printStableHLO(program);
    for (let round = 0; round < 8; round++) {
      const damaged = damage(text, random);
      try {
        parseStableHLO(damaged);
      } catch (error) {
        refused++;
        const typed = isCeratopsError(error, 'MALFORMED_INPUT') || isCeratopsError(error, 'UNSUPPORTED');
        if (!typed || !/^StableHLO \d+:\d+: /.test(error.message)) untyped.push(`${error}\n${damaged}`);
      }
    }
  }
  expect(untyped).toEqual([]);
  expect(refused).toBeGreaterThan(1000);
});
