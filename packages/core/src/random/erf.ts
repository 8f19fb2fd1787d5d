/** The error function on the host, and its inverse on tensors. */
import {
  add,
  compare,
  constant,
  convert,
  divide,
  logPlusOne,
  multiply,
  negate,
  select,
  sqrt,
  subtract,
} from '../primitives/index.js';
import type { Tensor } from '../tensor/tensor.js';

/** erf(x) by its series with positive terms, good to a few ulp of float64. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 / Math.sqrt(Math.PI)) * sum) / Math.exp(x * x);
}

/** One piece of the approximation: below `limit`, a polynomial in w (or √w) minus `centre`, highest power first. */
interface Piece {
  readonly limit: number;
  readonly centre: number;
  readonly root: boolean;
  readonly coefficients: readonly number[];
}

/** Giles, "Approximating the erfinv function", GPU Computing Gems, 2011: the single-precision pieces. */
const single: readonly Piece[] = [
  {
    limit: 5,
    centre: 2.5,
    root: false,
    coefficients: [
      2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
      0.246640727, 1.50140941,
    ],
  },
  {
    limit: Number.POSITIVE_INFINITY,
    centre: 3,
    root: true,
    coefficients: [
      -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
      1.00167406, 2.83297682,
    ],
  },
];

/** The double-precision pieces. */
const double: readonly Piece[] = [
  {
    limit: 6.25,
    centre: 3.125,
    root: false,
    coefficients: [
      -3.64441206401782e-21, -1.6850591381820166e-19, 1.28584807152564e-18, 1.1157877678025181e-17,
      -1.333171662854621e-16, 2.0972767875968562e-17, 6.637638134358324e-15, -4.054566272975207e-14,
      -8.151934197605472e-14, 2.6335093153082323e-12, -1.2975133253453532e-11, -5.415412054294628e-11,
      1.0512122733215323e-9, -4.112633980346984e-9, -2.9070369957882005e-8, 4.2347877827932404e-7,
      -1.3654692000834679e-6, -1.3882523362786469e-5, 0.00018673420803405714, -0.000740702534166267,
      -0.006033670871430149, 0.24015818242558962, 1.6536545626831027,
    ],
  },
  {
    limit: 16,
    centre: 3.25,
    root: true,
    coefficients: [
      2.2137376921775787e-9, 9.075656193888539e-8, -2.7517406297064545e-7, 1.8239629214389228e-8, 1.5027403968909828e-6,
      -4.013867526981546e-6, 2.9234449089955446e-6, 1.2475304481671779e-5, -4.7318229009055734e-5, 6.828485145957318e-5,
      2.4031110387097894e-5, -0.0003550375203628475, 0.0009532893797373805, -0.0016882755560235047,
      0.002491442096107851, -0.003751208507569241, 0.005370914553590064, 1.0052589676941592, 3.0838856104922208,
    ],
  },
  {
    limit: Number.POSITIVE_INFINITY,
    centre: 5,
    root: true,
    coefficients: [
      -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-9, -3.789465440126737e-9,
      7.61570120807834e-9, -1.496002662714924e-8, 2.914795345090108e-8, -6.771199775845234e-8, 2.2900482228026655e-7,
      -9.9298272942317e-7, 4.526062597223154e-6, -1.968177810553167e-5, 7.599527703001776e-5, -0.00021503011930044477,
      -0.00013871931833623122, 1.0103004648645344, 4.849906401408584,
    ],
  },
];

/** The inverse of erf, with the polynomials that XLA uses; half floats are computed in float32. */
export function erfInverse(x: Tensor): Tensor {
  if (x.dtype === 'float16' || x.dtype === 'bfloat16') return convert(erfInverse(convert(x, 'float32')), x.dtype);
  const { dtype, shape } = x;
  const filled = (value: number): Tensor => constant(value, { dtype, shape });
  const w = negate(logPlusOne(negate(multiply(x, x))));
  const root = sqrt(w);
  const values = (x.dtype === 'float64' ? double : single).map(({ centre, coefficients, root: ofRoot }) => {
    const t = subtract(ofRoot ? root : w, filled(centre));
    const [first, ...rest] = coefficients;
    return rest.reduce((sum, coefficient) => add(multiply(sum, t), filled(coefficient)), filled(first!));
  });
  const pieces = x.dtype === 'float64' ? double : single;
  const scale = values.reduceRight((above, value, i) =>
    select(compare(w, filled(pieces[i]!.limit), 'LT'), value, above),
  );
  const isEnd = compare(multiply(x, x), filled(1), 'EQ');
  return select(isEnd, divide(x, filled(0)), multiply(scale, x));
}
