import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ProgressBar } from './progress-bar.js';

interface Script {
  readonly target: number | null;
  readonly verbose: 1 | 2;
  readonly updates: readonly (readonly [number, number, { readonly [name: string]: number | 'nan' }, boolean])[];
  readonly texts: readonly string[];
}

const scripts: readonly Script[] = JSON.parse(
  readFileSync(new URL('../../goldens/progress-bar.json', import.meta.url), 'utf8'),
);

test.each(scripts.map((script, i) => [i, script] as const))(
  'script %i writes what Keras writes',
  (_, { target, verbose, updates, texts }) => {
    let now = 0;
    let text = '';
    const stream = { isTTY: true, write: (piece: string) => (text += piece) };
    const bar = new ProgressBar(target ?? undefined, { verbose, stream, clock: () => now });
    updates.forEach(([time, step, values, last], i) => {
      now = time;
      text = '';
      bar.update(
        step,
        Object.entries(values).map(([name, value]) => [name, Number(value)]),
        last,
      );
      expect(text).toBe(texts[i]);
    });
  },
);

test('off a terminal lines follow each other', () => {
  let text = '';
  const bar = new ProgressBar(2, {
    stream: { isTTY: false, write: (piece: string) => (text += piece) },
    clock: () => 1,
  });
  bar.update(1, [], false);
  bar.update(2, [], true);
  expect(text).not.toMatch(/[\r\b]/);
  expect(text.split('\n')).toHaveLength(4);
});
