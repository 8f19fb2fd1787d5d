/**
 * Index arithmetic. An element's place in a row-major value is one linear number, affine in index variables whose
 * ranges are known; views turn one such form into another, and dividing one back into coordinates is exact whenever the
 * loops were cut where the shapes are.
 */

/** An integer in [0, extent): a loop variable, or an index bound by `let`. */
export interface IndexVariable {
  readonly name: string;
  readonly id: number;
  readonly extent: number;
  /** Nesting depth of the scope that binds it. */
  readonly depth: number;
}

export interface Term {
  readonly variable: IndexVariable;
  readonly scale: number;
}

/** constant + Σ scale · variable; every variable at most once, no zero scale. */
export class Affine {
  readonly constant: number;
  readonly terms: readonly Term[];
  #key: string | undefined;

  constructor(constant: number, terms: readonly Term[]) {
    this.constant = constant;
    this.terms = terms;
  }

  static of(variable: IndexVariable, scale = 1): Affine {
    return variable.extent <= 1 || scale === 0 ? zero : new Affine(0, [{ variable, scale }]);
  }

  static constant(value: number): Affine {
    return value === 0 ? zero : new Affine(value, []);
  }

  /** Equal forms have equal keys. */
  get key(): string {
    if (this.#key === undefined) {
      const parts = this.terms.map(({ variable, scale }) => `${variable.id}*${scale}`);
      this.#key = `${this.constant}+${parts.sort().join('+')}`;
    }
    return this.#key;
  }

  /** The smallest and the largest value. */
  range(): readonly [number, number] {
    let low = this.constant;
    let high = this.constant;
    for (const { variable, scale } of this.terms) {
      if (scale > 0) high += scale * (variable.extent - 1);
      else low += scale * (variable.extent - 1);
    }
    return [low, high];
  }

  plus(constant: number): Affine {
    return constant === 0 ? this : new Affine(this.constant + constant, this.terms);
  }
}

export const zero: Affine = new Affine(0, []);

/** base + Σ scales[i] · parts[i]. */
export function combine(base: number, parts: readonly Affine[], scales: readonly number[]): Affine {
  let constant = base;
  const terms: { variable: IndexVariable; scale: number }[] = [];
  for (let i = 0; i < parts.length; i++) {
    const scale = scales[i]!;
    if (scale === 0) continue;
    const part = parts[i]!;
    constant += part.constant * scale;
    for (const term of part.terms) {
      const same = terms.find(({ variable }) => variable === term.variable);
      if (same === undefined) terms.push({ variable: term.variable, scale: term.scale * scale });
      else same.scale += term.scale * scale;
    }
  }
  if (terms.length === 0) return Affine.constant(constant);
  return new Affine(
    constant,
    terms.some(({ scale }) => scale === 0) ? terms.filter(({ scale }) => scale !== 0) : terms,
  );
}

export function sum(a: Affine, b: Affine): Affine {
  return combine(0, [a, b], [1, 1]);
}

/** Quotient and remainder when they are affine themselves, for a form that is never negative. */
export function divideExactly(form: Affine, divisor: number): { quotient: Affine; remainder: Affine } | undefined {
  if (divisor === 1) return { quotient: form, remainder: zero };
  const whole = Math.floor(form.constant / divisor);
  const quotientTerms: Term[] = [];
  const remainderTerms: Term[] = [];
  for (const term of form.terms) {
    if (term.scale % divisor === 0) quotientTerms.push({ variable: term.variable, scale: term.scale / divisor });
    else remainderTerms.push(term);
  }
  const remainder = new Affine(form.constant - whole * divisor, remainderTerms);
  const [low, high] = remainder.range();
  if (low < 0 || high >= divisor) return undefined;
  return { quotient: new Affine(whole, quotientTerms), remainder };
}

/** How a view finds its operand's elements: merged result dimensions, and where each leads in the operand. */
export interface StridedView {
  /** Extents of the result's dimensions, adjacent ones merged where the operand allows. */
  readonly dimensions: readonly number[];
  /** Per dimension, how far one step leads in the operand's linear index. */
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Drops dimensions of size 1 and merges neighbours that the operand walks through in one stride. */
export function mergedView(extents: readonly number[], strides: readonly number[], offset: number): StridedView {
  const dimensions: number[] = [];
  const merged: number[] = [];
  for (let axis = 0; axis < extents.length; axis++) {
    const extent = extents[axis]!;
    if (extent === 1) continue;
    const last = dimensions.length - 1;
    if (last >= 0 && merged[last] === strides[axis]! * extent) {
      dimensions[last]! *= extent;
      merged[last] = strides[axis]!;
    } else {
      dimensions.push(extent);
      merged.push(strides[axis]!);
    }
  }
  return { dimensions, strides: merged, offset };
}

/**
 * Loop extents for a space of `size` elements, cut at `boundaries` (products of trailing extents), as far as they
 * divide one another. Outermost first; no extent is 1.
 */
export function cutSpace(size: number, boundaries: Iterable<number>): number[] {
  const extents: number[] = [];
  let inner = 1;
  for (const boundary of [...boundaries].sort((a, b) => a - b)) {
    if (boundary <= inner || boundary >= size || boundary % inner !== 0 || size % boundary !== 0) continue;
    extents.push(boundary / inner);
    inner = boundary;
  }
  if (size > inner) extents.push(size / inner);
  return extents.reverse();
}
