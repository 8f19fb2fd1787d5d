/** What `verbose: 2` prints when an epoch is over, number for number as Keras does, and what its progress bar shares with that. */

import { fixed, roundHalfEven } from './format.js';
import { type TextStream, textStream } from './output.js';

export interface ProgressOptions {
  readonly unitName?: string | undefined;
  readonly stream?: TextStream | undefined;
  /** Seconds from any origin. */
  readonly clock?: (() => number) | undefined;
}

const systemClock = (): number => Date.now() / 1000;

export class ProgressLine {
  /** Steps in all, where that is known. */
  target: number | undefined;
  protected readonly stream: TextStream;
  protected readonly clock: () => number;
  protected readonly start: number;
  readonly #unitName: string;
  readonly #values = new Map<string, number>();

  constructor(target: number | undefined, options: ProgressOptions = {}) {
    this.target = target;
    this.stream = options.stream ?? textStream();
    this.clock = options.clock ?? systemClock;
    this.#unitName = options.unitName ?? 'step';
    this.start = this.clock();
  }

  /** @param values name and value of what to show; shown as it is. */
  update(current: number, values: readonly (readonly [string, number])[] = [], isLast = current === this.target): void {
    this.keep(values);
    if (isLast) this.writeLine(current, this.clock(), (this.clock() - this.start) / current);
  }

  protected keep(values: readonly (readonly [string, number])[]): void {
    for (const [name, value] of values) this.#values.set(name, value);
  }

  protected writeLine(current: number, now: number, perUnit: number): void {
    if (this.target === undefined || this.target === 0) return;
    const elapsed = `${roundHalfEven(now - this.start)}s`;
    this.stream.write(`${this.count(current)} - ${elapsed} -${this.unitTime(perUnit)}${this.metrics(false)}\n`);
  }

  protected count(current: number): string {
    const digits = Math.floor(Math.log10(this.target!)) + 1;
    return `${String(current).padStart(digits)}/${this.target}`;
  }

  /** @param bySize whether large negative numbers have four decimals too: in Keras only those of the bar do. */
  protected metrics(bySize: boolean): string {
    return [...this.#values].map(([name, value]) => ` - ${name}: ${formatNumber(meanOf(value), bySize)}`).join('');
  }

  protected unitTime(perUnit: number): string {
    const unit = this.#unitName;
    if (perUnit >= 1 || perUnit === 0) return ` ${roundHalfEven(perUnit)}s/${unit}`;
    return perUnit >= 1e-3
      ? ` ${roundHalfEven(perUnit * 1e3)}ms/${unit}`
      : ` ${roundHalfEven(perUnit * 1e6)}us/${unit}`;
  }
}

/** Of a metric with several values. */
function meanOf(value: number | readonly number[]): number {
  const all = [value].flat();
  return all.reduce((sum, each) => sum + each, 0) / all.length;
}

/** Four decimals, or four significant ones for small numbers, as Python prints them. */
function formatNumber(value: number, bySize: boolean): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if ((bySize ? Math.abs(value) : value) > 1e-3) return fixed(value, 4);
  return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}
