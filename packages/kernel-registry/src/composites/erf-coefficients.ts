/** Coefficients of the error function and its inverse in float32, highest power first. `erf-float64.ts` needs none. */

import type { Segment } from './polynomial.js';

/**
 * Our own minimax fits, at most 1.2 ULP. For |x| < 1, erf(x) = x + x·p(x²) with p `near`; from there on 1 − exp(q(|x| − center)),
 * where q, `far`, fits ln erfc; from `until` on it is 1.
 */
export const near: readonly number[] = [
  7.8538595e-5, -0.000801019335, 0.00518832769, -0.026853812, 0.112835852, -0.376126258, 0.128379166,
];

export const far: Segment = {
  until: 4,
  center: 1,
  coefficients: [
    -2.16977003e-5, 0.000289589763, -0.00201209945, 0.0100465898, -0.0415635517, -0.843107065, -2.63896752, -1.84960551,
  ],
};

/**
 * erf⁻¹(x) = x·p(u) with w = −log1p(−x²): u = w − center in the first segment, √w − center in the others.
 * The polynomials are those of Mike Giles, "Approximating the erfinv function" (GPU Computing Gems, 2010), which XLA uses too, so that
 * normal random numbers agree.
 */
export const inverse: readonly Segment[] = [
  {
    until: 5,
    center: 2.5,
    coefficients: [
      2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
      0.246640727, 1.50140941,
    ],
  },
  {
    until: Infinity,
    center: 3,
    coefficients: [
      -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
      1.00167406, 2.83297682,
    ],
  },
];
