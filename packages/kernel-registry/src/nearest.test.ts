import { describe, expect, it } from 'vitest';
import { nearest, suggest } from './nearest.js';

const names = ['adam', 'adamw', 'sgd', 'rmsprop', 'SparseCategoricalCrossentropy', 'mean_squared_error', 'mse'];

describe('nearest', () => {
  it.each([
    ['Adan', 'adam'],
    ['rms_prop', 'rmsprop'],
    ['sparse_categorical_crossentrpy', 'SparseCategoricalCrossentropy'],
    ['meanSquaredErr', 'mean_squared_error'],
  ])('%s is near %s', (name, expected) => {
    expect(nearest(name, names)[0]).toBe(expected);
  });

  it('gives nothing for what is like nothing, and at most as many as asked', () => {
    expect(nearest('convolution', names)).toEqual([]);
    expect(nearest('adam', names, 1)).toEqual(['adam']);
  });

  it('suggests near names, all of few, none of many', () => {
    expect(suggest('adm', names)).toMatch(/^did you mean 'adam'/);
    expect(suggest('convolution', ['b', 'a'])).toBe('known: a, b');
    expect(
      suggest(
        'convolution',
        Array.from({ length: 13 }, (_, i) => `${i}`),
      ),
    ).toBeUndefined();
  });
});
