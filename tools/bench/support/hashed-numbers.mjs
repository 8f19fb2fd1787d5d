// @ts-check
/** The same numbers in every contestant, and a fingerprint that says whether it computed the same from them. `hashed_numbers.py` is its twin. */

/**
 * Numbers in [-0.5, 0.5) that look random: a hash of the index.
 * @param {number} length
 * @param {number} seed
 */
export function hashed(length, seed) {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
    h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
    values[i] = ((h ^ (h >>> 16)) >>> 8) / 2 ** 24 - 0.5;
  }
  return values;
}

/** @param {readonly number[]} shape */
export const sizeOf = (shape) => shape.reduce((size, axis) => size * axis, 1);

/**
 * @typedef {object} Fingerprint
 * @property {number} sum Of the values, each times a number of its place.
 * @property {number} norm How large that sum may be by chance.
 */

/** Of larger results, evenly spaced values are looked at. */
const mostPlaces = 2 ** 18;

/**
 * @param {ArrayLike<number>} values
 * @returns {Fingerprint}
 */
export function fingerprint(values) {
  const step = Math.ceil(values.length / mostPlaces);
  const places = hashed(Math.ceil(values.length / step), 999);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < places.length; i++) {
    const term = values[i * step] * places[i];
    sum += term;
    squares += term * term;
  }
  return { sum, norm: Math.sqrt(squares) };
}

/**
 * Whether two results are the same up to rounding; results of other numbers, or in another order, differ by about 1 in this measure.
 * @param {Fingerprint} a
 * @param {Fingerprint} b
 */
export function sameNumbers(a, b) {
  return Math.abs(a.sum - b.sum) <= 2e-3 * Math.max(a.norm, b.norm);
}
