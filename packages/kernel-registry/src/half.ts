/** float16 and bfloat16 as raw bits, rounded once, to nearest even, from a double. */

interface SmallFloat {
  readonly mantissaBits: number;
  readonly minExponent: number;
  readonly maxExponent: number;
}

const float16: SmallFloat = { mantissaBits: 10, minExponent: -14, maxExponent: 15 };
const bfloat16: SmallFloat = { mantissaBits: 7, minExponent: -126, maxExponent: 127 };

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);

function exponentOf(magnitude: number): number {
  float64[0] = magnitude;
  return (words[1]! >>> 20) - 1023;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

function encode(value: number, { mantissaBits, minExponent, maxExponent }: SmallFloat): number {
  const width = 2 ** mantissaBits;
  const infinity = (maxExponent - minExponent + 2) * width;
  if (Number.isNaN(value)) return infinity + width / 2;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  const exponent = Math.max(exponentOf(magnitude), minExponent);
  if (exponent > maxExponent) return sign + infinity;
  // Steps of one unit in the last place; a normal number has at least `width`, which carries into the exponent field.
  const steps = roundHalfEven(magnitude / 2 ** (exponent - mantissaBits));
  return sign + (exponent - minExponent) * width + steps;
}

export function encodeFloat16(value: number): number {
  return encode(value, float16);
}

export function encodeBfloat16(value: number): number {
  return encode(value, bfloat16);
}

function decode(bits: number, { mantissaBits, minExponent, maxExponent }: SmallFloat): number {
  const width = 2 ** mantissaBits;
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = ((bits & 0x7fff) >> mantissaBits) + minExponent - 1;
  const mantissa = bits % width;
  if (exponent > maxExponent) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const steps = exponent < minExponent ? mantissa : width + mantissa;
  return sign * steps * 2 ** (Math.max(exponent, minExponent) - mantissaBits);
}

export function decodeFloat16(bits: number): number {
  return decode(bits, float16);
}

export function decodeBfloat16(bits: number): number {
  return decode(bits, bfloat16);
}
