// @ts-check
/** Runs processes that measure when they are told to, so that contestants take turns instead of fighting for the cores. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../../workspace.mjs';
import { summarise } from './statistics.mjs';

/** @typedef {import('./statistics.mjs').Summary} Summary */
/** @typedef {{ command: string, args: readonly string[], environment?: Record<string, string> }} Program */
/** @typedef {Record<string, number>} Values */

class Contestant {
  #process;
  #lines;

  /** @param {Program} program */
  constructor({ command, args, environment = {} }) {
    this.#process = spawn(command, args, {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.what = [command, ...args].join(' ');
    this.errors = '';
    this.#process.stderr.on('data', (text) => (this.errors = (this.errors + text).slice(-4000)));
    this.#process.on('error', () => {});
    this.#process.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** The next JSON object it prints. */
  async next() {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`${this.what} ended early:\n${this.errors}`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }

  /** @returns {Promise<Values>} */
  sample() {
    this.#process.stdin.write('go\n');
    return this.next();
  }

  async stop() {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill(), 5000);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * What a fresh process reports when it is ready, several times.
 * @param {Record<string, Program>} programs
 * @param {number} times
 * @returns {Promise<Record<string, Record<string, Summary>>>}
 */
export async function startups(programs, times) {
  /** @type {Record<string, Values[]>} */
  const reports = {};
  for (let i = 0; i < times; i++) {
    for (const [name, program] of Object.entries(programs)) {
      const contestant = new Contestant(program);
      (reports[name] ??= []).push(await contestant.next());
      await contestant.stop();
    }
  }
  return Object.fromEntries(Object.entries(reports).map(([name, values]) => [name, summaries(values)]));
}

/**
 * Lets programs take turns for some rounds, after `warmups` that are not counted.
 * @param {Record<string, Program>} programs
 * @param {{ rounds: number, warmups: number }} options
 * @returns {Promise<Record<string, Record<string, Summary>>>}
 */
export async function race(programs, { rounds, warmups }) {
  const contestants = Object.entries(programs).map(([name, program]) => ({ name, process: new Contestant(program) }));
  /** @type {Record<string, Values[]>} */
  const reports = {};
  try {
    for (const { process } of contestants) await process.next();
    for (let round = -warmups; round < rounds; round++) {
      for (const { name, process } of contestants) {
        const values = await process.sample();
        if (round >= 0) (reports[name] ??= []).push(values);
      }
    }
  } finally {
    for (const { process } of contestants) await process.stop();
  }
  return Object.fromEntries(Object.entries(reports).map(([name, values]) => [name, summaries(values)]));
}

/** @param {readonly Values[]} reports */
function summaries(reports) {
  const names = Object.keys(reports[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, summarise(reports.map((report) => report[name]))]));
}
