import { describe, expect, it } from 'vitest';
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from './half.js';

describe('float16 and bfloat16', () => {
  it.each([
    ['float16', encodeFloat16, decodeFloat16, 0x7c00],
    ['bfloat16', encodeBfloat16, decodeBfloat16, 0x7f80],
  ] as const)('%s round-trips all of its 65536 values', (_, encode, decode, infinity) => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = decode(bits);
      if ((bits & 0x7fff) > infinity) expect(value).toBeNaN();
      else expect(encode(value)).toBe(bits);
    }
    expect(decode(encode(Number.NaN))).toBeNaN();
  });

  it('bfloat16 is the upper half of a float32', () => {
    const words = new Uint32Array(1);
    const floats = new Float32Array(words.buffer);
    for (let bits = 0; bits < 65536; bits++) {
      words[0] = bits << 16;
      expect(decodeBfloat16(bits)).toBe(floats[0]);
    }
  });

  it.each([
    ['ties to even, down', encodeFloat16, 1 + 2 ** -11, 0x3c00],
    ['ties to even, up', encodeFloat16, 1 + 3 * 2 ** -11, 0x3c02],
    ['just above a tie', encodeFloat16, 1 + 2 ** -11 + 2 ** -40, 0x3c01],
    ['carries into the exponent', encodeFloat16, 2 - 2 ** -12, 0x4000],
    ['largest finite', encodeFloat16, 65519.99, 0x7bff],
    ['overflows', encodeFloat16, 65520, 0x7c00],
    ['overflows far', encodeFloat16, -1e300, 0xfc00],
    ['smallest subnormal', encodeFloat16, 2 ** -24, 0x0001],
    ['half of it', encodeFloat16, 2 ** -25, 0x0000],
    ['above half of it', encodeFloat16, -(2 ** -25) * 1.01, 0x8001],
    ['bfloat16 tie', encodeBfloat16, 1 + 2 ** -8, 0x3f80],
    ['bfloat16 above', encodeBfloat16, 1 + 2 ** -8 + 2 ** -50, 0x3f81],
    ['bfloat16 overflow', encodeBfloat16, 3.4e38, 0x7f80],
  ] as const)('%s', (_, encode, value, bits) => {
    expect(encode(value)).toBe(bits);
  });
});
