/** A progress bar that looks like Keras', number for number. */

import { fixed, roundHalfEven } from './format.js';
import { type TextStream, textStream } from './output.js';

export interface ProgressBarOptions {
  /** Characters of the bar; 20. */
  readonly width?: number | undefined;
  /** 1 a bar that is redrawn, 2 one line at the end. */
  readonly verbose?: 1 | 2 | undefined;
  /** Least seconds between two drawings; 0.05. */
  readonly interval?: number | undefined;
  readonly unitName?: string | undefined;
  readonly stream?: TextStream | undefined;
  /** Seconds from any origin. */
  readonly clock?: (() => number) | undefined;
}

const systemClock = (): number => Date.now() / 1000;

export class ProgressBar {
  /** Steps in all, where that is known. */
  target: number | undefined;
  readonly #width: number;
  readonly #verbose: 1 | 2;
  readonly #interval: number;
  readonly #unitName: string;
  readonly #stream: TextStream;
  readonly #clock: () => number;
  readonly #start: number;
  readonly #values = new Map<string, number>();
  #lastUpdate = 0;
  #afterFirstStep: number | undefined;
  #seen = 0;
  #previousWidth = 0;

  constructor(target: number | undefined, options: ProgressBarOptions = {}) {
    this.target = target;
    this.#width = options.width ?? 20;
    this.#verbose = options.verbose ?? 1;
    this.#interval = options.interval ?? 0.05;
    this.#unitName = options.unitName ?? 'step';
    this.#stream = options.stream ?? textStream();
    this.#clock = options.clock ?? systemClock;
    this.#start = this.#clock();
  }

  /** True when an update now would be drawn, or is needed to time the first step. */
  isDue(): boolean {
    return this.#afterFirstStep === undefined || this.#clock() - this.#lastUpdate >= this.#interval;
  }

  /** @param values name and value of what to show; shown as it is. */
  update(current: number, values: readonly (readonly [string, number])[] = [], finalize?: boolean): void {
    const isLast = finalize ?? (this.target !== undefined && current >= this.target);
    for (const [name, value] of values) this.#values.set(name, value);
    this.#seen = current;
    const now = this.#clock();
    const perUnit = this.#stepDuration(current, now);
    if (this.#verbose === 1) {
      if (now - this.#lastUpdate < this.#interval && !isLast) return;
      this.#draw(current, now, perUnit, isLast);
    } else if (isLast && this.target !== undefined && this.target > 0) {
      const elapsed = `${roundHalfEven(now - this.#start)}s`;
      this.#stream.write(`${this.#count(current)} - ${elapsed} -${this.#formatTime(perUnit)}${this.#metrics()}\n`);
    }
    this.#lastUpdate = now;
  }

  add(steps: number, values?: readonly (readonly [string, number])[]): void {
    this.update(this.#seen + steps, values);
  }

  #draw(current: number, now: number, perUnit: number, isLast: boolean): void {
    const { target } = this;
    const known = target !== undefined && target > 0;
    const text = this.#stream.isTTY === false ? '\n' : `${'\b'.repeat(this.#previousWidth)}\r`;
    const filled = known ? Math.trunc(this.#width * (current / target)) : 0;
    const bar = known
      ? `${bold(this.#count(current))} ${filled > 0 ? green('━'.repeat(filled)) : ''}${white('━'.repeat(this.#width - filled))}`
      : `${String(current).padStart(7)}/Unknown`;
    const time =
      known && !isLast ? formatRemaining(perUnit * (target - current)) : `${roundHalfEven(now - this.#start)}s`;
    const info = ` ${bold(time)}${this.#formatTime(perUnit)}${this.#metrics()}`;
    const width = visibleLength(bar) + visibleLength(info);
    this.#stream.write(
      `${text}${bar}${info}${' '.repeat(Math.max(0, this.#previousWidth - width))}${isLast ? '\n' : ''}`,
    );
    this.#previousWidth = width;
  }

  #count(current: number): string {
    const digits = Math.floor(Math.log10(this.target!)) + 1;
    return `${String(current).padStart(digits)}/${this.target}`;
  }

  #metrics(): string {
    return [...this.#values].map(([name, value]) => ` - ${name}: ${formatNumber(value, this.#verbose)}`).join('');
  }

  #formatTime(perUnit: number): string {
    const unit = this.#unitName;
    if (perUnit >= 1 || perUnit === 0) return ` ${roundHalfEven(perUnit)}s/${unit}`;
    return perUnit >= 1e-3
      ? ` ${roundHalfEven(perUnit * 1e3)}ms/${unit}`
      : ` ${roundHalfEven(perUnit * 1e6)}us/${unit}`;
  }

  /** The first step, which compiles, is left out once there are more. */
  #stepDuration(current: number, now: number): number {
    if (current === 0) return 0;
    const first = this.#afterFirstStep;
    const duration = first !== undefined && current > 1 ? (now - first) / (current - 1) : (now - this.#start) / current;
    if (current === 1) this.#afterFirstStep = now;
    return duration;
  }
}

/** Four decimals, or four significant ones for small numbers, as Python prints them. */
function formatNumber(value: number, verbose: 1 | 2): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if ((verbose === 1 ? Math.abs(value) : value) > 1e-3) return fixed(value, 4);
  return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}

function formatRemaining(seconds: number): string {
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  if (seconds > 3600) return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  if (seconds > 60) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.trunc(seconds)}s`;
}

function bold(text: string): string {
  return `\x1b[1m${text}\x1b[0m`;
}

function green(text: string): string {
  return `\x1b[32m${text}\x1b[0m`;
}

function white(text: string): string {
  return `\x1b[37m${text}\x1b[0m`;
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is left out
  return text.replace(/\x1b\[\d+m/g, '').length;
}
