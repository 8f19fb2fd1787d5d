/** A progress bar that looks like Keras', number for number. */

import { roundHalfEven } from './format.js';
import { ProgressLine, type ProgressOptions } from './progress-line.js';

export interface ProgressBarOptions extends ProgressOptions {
  /** Characters of the bar; 20. */
  readonly width?: number | undefined;
  /** 1 a bar that is redrawn, 2 one line at the end. */
  readonly verbose?: 1 | 2 | undefined;
  /** Least seconds between two drawings; 0.05. */
  readonly interval?: number | undefined;
}

export class ProgressBar extends ProgressLine {
  readonly #width: number;
  readonly #verbose: 1 | 2;
  readonly #interval: number;
  #lastUpdate = 0;
  #afterFirstStep: number | undefined;
  #seen = 0;
  #previousWidth = 0;

  constructor(target: number | undefined, options: ProgressBarOptions = {}) {
    super(target, options);
    this.#width = options.width ?? 20;
    this.#verbose = options.verbose ?? 1;
    this.#interval = options.interval ?? 0.05;
  }

  /** True when an update now would be drawn, or is needed to time the first step. */
  isDue(): boolean {
    return this.#afterFirstStep === undefined || this.clock() - this.#lastUpdate >= this.#interval;
  }

  override update(current: number, values: readonly (readonly [string, number])[] = [], finalize?: boolean): void {
    const isLast = finalize ?? (this.target !== undefined && current >= this.target);
    this.keep(values);
    this.#seen = current;
    const now = this.clock();
    const perUnit = this.#stepDuration(current, now);
    if (this.#verbose === 1) {
      if (now - this.#lastUpdate < this.#interval && !isLast) return;
      this.#draw(current, now, perUnit, isLast);
    } else if (isLast) this.writeLine(current, now, perUnit);
    this.#lastUpdate = now;
  }

  add(steps: number, values?: readonly (readonly [string, number])[]): void {
    this.update(this.#seen + steps, values);
  }

  #draw(current: number, now: number, perUnit: number, isLast: boolean): void {
    const { target } = this;
    const known = target !== undefined && target > 0;
    const text = this.stream.isTTY === false ? '\n' : `${'\b'.repeat(this.#previousWidth)}\r`;
    const filled = known ? Math.trunc(this.#width * (current / target)) : 0;
    const bar = known
      ? `${bold(this.count(current))} ${filled > 0 ? green('━'.repeat(filled)) : ''}${white('━'.repeat(Math.max(0, this.#width - filled)))}`
      : `${String(current).padStart(7)}/Unknown`;
    const time =
      known && !isLast ? formatRemaining(perUnit * (target - current)) : `${roundHalfEven(now - this.start)}s`;
    const info = ` ${bold(time)}${this.unitTime(perUnit)}${this.metrics(true)}`;
    const width = visibleLength(bar) + visibleLength(info);
    this.stream.write(
      `${text}${bar}${info}${' '.repeat(Math.max(0, this.#previousWidth - width))}${isLast ? '\n' : ''}`,
    );
    this.#previousWidth = width;
  }

  /** The first step, which compiles, is left out once there are more. */
  #stepDuration(current: number, now: number): number {
    if (current === 0) return 0;
    const first = this.#afterFirstStep;
    const duration = first !== undefined && current > 1 ? (now - first) / (current - 1) : (now - this.start) / current;
    if (current === 1) this.#afterFirstStep = now;
    return duration;
  }
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
