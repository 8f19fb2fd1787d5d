/** Numbers as Python prints them: exact ties go to the even digit, where JavaScript's `toFixed` rounds up. */

export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Python's `f'{value:.2f}'` for `digits` 2. */
export function fixed(value: number, digits: number): string {
  const scale = 10 ** digits;
  const scaled = value * scale;
  const isTie = Math.abs(scaled % 1) === 0.5 && scaled / scale === value;
  return isTie ? (roundHalfEven(scaled) / scale).toFixed(digits) : value.toFixed(digits);
}
