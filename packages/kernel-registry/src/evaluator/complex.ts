/** Element functions of the complex dtypes: computed in float64, both parts rounded to the dtype. */

import type { Family } from './family.js';
import type { Round } from './rounding.js';
import type { Complex } from './tensor.js';

export function complex(re: number, im: number): Complex {
  return { re, im };
}

export function addComplex(a: Complex, b: Complex): Complex {
  return complex(a.re + b.re, a.im + b.im);
}

export function subtractComplex(a: Complex, b: Complex): Complex {
  return complex(a.re - b.re, a.im - b.im);
}

export function multiplyComplex(a: Complex, b: Complex): Complex {
  return complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}

/** Smith's method: dividing by the larger part first keeps the denominator from overflowing. */
export function divideComplex(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    if (b.re === 0 && b.im === 0) return complex(a.re / Math.abs(b.re), a.im / Math.abs(b.re));
    const ratio = b.im / b.re;
    const scale = b.re + b.im * ratio;
    return complex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale);
  }
  const ratio = b.re / b.im;
  const scale = b.im + b.re * ratio;
  return complex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale);
}

function negateComplex({ re, im }: Complex): Complex {
  return complex(-re, -im);
}

function expComplex({ re, im }: Complex): Complex {
  if (im === 0) return complex(Math.exp(re), im);
  // An infinite magnitude with a zero factor would make NaN.
  if (re === -Infinity) return complex(0, 0);
  const magnitude = Math.exp(re);
  return complex(magnitude * Math.cos(im), magnitude * Math.sin(im));
}

/** e^z - 1 = (e^x - 1) cos y - 2 sin²(y/2) + i e^x sin y, which does not cancel near 0. */
function expm1Complex({ re, im }: Complex): Complex {
  const half = Math.sin(im / 2);
  const magnitude = Math.exp(re);
  return complex(Math.expm1(re) * Math.cos(im) - 2 * half * half, im === 0 ? im : magnitude * Math.sin(im));
}

/** log |z|, through log1p where |z| is near 1. */
function logAbs(re: number, im: number): number {
  const large = Math.max(Math.abs(re), Math.abs(im));
  const small = Math.min(Math.abs(re), Math.abs(im));
  if (large > 0.5 && large < 1.5) return Math.log1p((large - 1) * (large + 1) + small * small) / 2;
  return Math.log(Math.hypot(re, im));
}

function logComplex({ re, im }: Complex): Complex {
  return complex(logAbs(re, im), Math.atan2(im, re));
}

function log1pComplex({ re, im }: Complex): Complex {
  const small = Math.hypot(re, im) < 0.5;
  return complex(small ? Math.log1p(re * (2 + re) + im * im) / 2 : logAbs(1 + re, im), Math.atan2(im, 1 + re));
}

function sqrtComplex({ re, im }: Complex): Complex {
  if (re === 0 && im === 0) return complex(0, im);
  if (Math.abs(im) === Infinity) return complex(Infinity, im);
  if (re === Infinity) return complex(Infinity, Number.isNaN(im) ? im : im < 0 || Object.is(im, -0) ? -0 : 0);
  if (re === -Infinity) return complex(Number.isNaN(im) ? im : 0, im < 0 || Object.is(im, -0) ? -Infinity : Infinity);
  // Scaling by a power of four keeps |z| in range.
  const largest = Math.max(Math.abs(re), Math.abs(im));
  const scale = largest > 2 ** 1000 ? 2 ** -4 : largest < 2 ** -1000 ? 2 ** 108 : 1;
  const root = Math.sqrt((Math.abs(re * scale) + Math.hypot(re * scale, im * scale)) / 2);
  const back = 1 / Math.sqrt(scale);
  const other = (Math.abs(im * scale) / (2 * root)) * back;
  const main = root * back;
  const negative = im < 0 || Object.is(im, -0);
  return re >= 0 ? complex(main, negative ? -other : other) : complex(other, negative ? -main : main);
}

function sineComplex({ re, im }: Complex): Complex {
  if (re === 0) return complex(re, Math.sinh(im));
  if (im === 0) return complex(Math.sin(re), Math.cos(re) * im);
  return complex(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im));
}

function cosineComplex({ re, im }: Complex): Complex {
  if (re === 0 || im === 0) return complex(Math.cos(re) * Math.cosh(im), -re * im);
  return complex(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im));
}

/** (sinh 2x + i sin 2y) / (cosh 2x + cos 2y), and its limit where the hyperbolic functions overflow. */
function tanhComplex({ re, im }: Complex): Complex {
  if (Math.abs(re) > 22) {
    const tail = 4 * Math.exp(-2 * Math.abs(re)) * Math.sin(im) * Math.cos(im);
    return complex(Math.sign(re), Number.isFinite(im) ? tail : 0);
  }
  const sinh = Math.sinh(re);
  const cos = Math.cos(im);
  const denominator = sinh * sinh + cos * cos;
  return complex((sinh * Math.cosh(re)) / denominator, (Math.sin(im) * cos) / denominator);
}

function powerComplex(base: Complex, exponent: Complex): Complex {
  if (exponent.re === 0 && exponent.im === 0) return complex(1, 0);
  if (base.re === 0 && base.im === 0) {
    if (exponent.im === 0 && exponent.re > 0) return complex(0, 0);
    if (exponent.im === 0 && exponent.re < 0) return complex(Infinity, 0);
  }
  return expComplex(multiplyComplex(exponent, logComplex(base)));
}

/** -i · log((x + iy) / √(x² + y²)) for atan2(y, x). */
function atan2Complex(y: Complex, x: Complex): Complex {
  const numerator = complex(x.re - y.im, x.im + y.re);
  const norm = sqrtComplex(addComplex(multiplyComplex(x, x), multiplyComplex(y, y)));
  const log = logComplex(divideComplex(numerator, norm));
  return complex(log.im, -log.re);
}

function signComplex(z: Complex): Complex {
  if (Number.isNaN(z.re) || Number.isNaN(z.im)) return complex(NaN, NaN);
  const magnitude = Math.hypot(z.re, z.im);
  return magnitude === 0 ? complex(0, 0) : complex(z.re / magnitude, z.im / magnitude);
}

/** Lexicographic: the real parts first. */
function lexicographic(order: (a: number, b: number) => boolean): (a: Complex, b: Complex) => boolean {
  return (a, b) => (a.re === b.re ? order(a.im, b.im) : order(a.re, b.re));
}

const hasNaN = (z: Complex): boolean => Number.isNaN(z.re) || Number.isNaN(z.im);

const compare: Family<Complex>['compare'] = {
  EQ: (a, b) => a.re === b.re && a.im === b.im,
  NE: (a, b) => a.re !== b.re || a.im !== b.im,
  LT: lexicographic((a, b) => a < b),
  LE: lexicographic((a, b) => a <= b),
  GT: lexicographic((a, b) => a > b),
  GE: lexicographic((a, b) => a >= b),
};

export function complexFamily(round: Round): Family<Complex> {
  const rounded =
    <A extends readonly Complex[]>(f: (...args: A) => Complex): ((...args: A) => Complex) =>
    (...args) => {
      const { re, im } = f(...args);
      return complex(round(re), round(im));
    };
  return {
    unary: {
      abs: ({ re, im }) => round(Math.hypot(re, im)),
      negate: negateComplex,
      sign: rounded(signComplex),
      exponential: rounded(expComplex),
      exponential_minus_one: rounded(expm1Complex),
      log: rounded(logComplex),
      log_plus_one: rounded(log1pComplex),
      sqrt: rounded(sqrtComplex),
      sine: rounded(sineComplex),
      cosine: rounded(cosineComplex),
      tanh: rounded(tanhComplex),
    },
    binary: {
      add: rounded(addComplex),
      subtract: rounded(subtractComplex),
      multiply: rounded(multiplyComplex),
      divide: rounded(divideComplex),
      power: rounded(powerComplex),
      atan2: rounded(atan2Complex),
      maximum: (a, b) => (hasNaN(a) || (!hasNaN(b) && compare.GE(a, b)) ? a : b),
      minimum: (a, b) => (hasNaN(a) || (!hasNaN(b) && compare.LE(a, b)) ? a : b),
    },
    compare,
  };
}
