// @ts-check
/** Runs processes that measure when they are told to, so that contestants take turns instead of fighting for the cores. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../../workspace.mjs';
import { reasonOf, summarise } from './statistics.mjs';

/** @typedef {import('./statistics.mjs').Summary} Summary */
/** @typedef {import('./entrants.mjs').Entrant} Entrant */
/** @typedef {Record<string, number>} Values A measurement that is not made this time is left out. */
/** @typedef {{ prints?: Record<string, import('./hashed-numbers.mjs').Fingerprint>, cannot?: Record<string, string> } & Record<string, any>} Ready */

/**
 * @typedef {object} Result
 * @property {Entrant} entrant
 * @property {Ready} ready What it said first.
 * @property {Record<string, Summary>} figures
 * @property {string | undefined} [failed] Why there are no more.
 */

class Contestant {
  #process;
  #lines;
  #errors = '';

  /** @param {Entrant} entrant */
  constructor({ command, args, environment = {} }) {
    this.#process = spawn(command, args, {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
      // Whoever measures what an earlier process kept names the folder.
      env: { ...process.env, CERATOPS_PLAN_CACHE: '0', ...environment },
    });
    this.#process.stderr.on('data', (text) => (this.#errors = (this.#errors + text).slice(-4000)));
    this.#process.on('error', () => {});
    this.#process.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** The next JSON object it prints. */
  async next() {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`ended early: ${this.#errors.trim()}`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }

  /**
   * @param {boolean} counted
   * @returns {Promise<Values>}
   */
  sample(counted) {
    this.#process.stdin.write(counted ? 'go\n' : 'warm up\n');
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

/** An entrant in a race: its process, and what it has reported. */
class Racer {
  /** @type {Values[]} */
  reports = [];
  /** @type {Ready} */
  ready = {};
  /** @type {string | undefined} */
  failed;

  /** @param {Entrant} entrant */
  constructor(entrant) {
    this.entrant = entrant;
    this.contestant = new Contestant(entrant);
  }

  /**
   * Does something with the process. A peer that fails is out of the race; Ceratops must not fail.
   * @param {(contestant: Contestant) => Promise<void>} action
   */
  async try(action) {
    if (this.failed !== undefined) return;
    try {
      await action(this.contestant);
    } catch (error) {
      const { who, args } = this.entrant;
      const { message } = /** @type {Error} */ (error);
      if (who === 'ceratops') throw new Error(`${args.join(' ')} ${message}`);
      console.warn(`${who}: ${message}`);
      this.failed = reasonOf(error);
    }
  }

  /** @returns {Result} */
  result() {
    return { entrant: this.entrant, ready: this.ready, figures: summaries(this.reports), failed: this.failed };
  }
}

/**
 * What a fresh process reports when it is ready, several times.
 * @param {readonly Entrant[]} entrants
 * @param {number} times
 * @returns {Promise<Result[]>}
 */
export async function startups(entrants, times) {
  const reports = entrants.map(() => /** @type {Values[]} */ ([]));
  for (let i = 0; i < times; i++) {
    for (const [place, entrant] of entrants.entries()) {
      const contestant = new Contestant(entrant);
      const { prints, ...values } = await contestant.next();
      reports[place].push(values);
      await contestant.stop();
    }
  }
  return entrants.map((entrant, place) => ({ entrant, ready: {}, figures: summaries(reports[place]) }));
}

/**
 * Lets entrants take turns for some rounds, after `warmups` that are not counted.
 * @param {readonly Entrant[]} entrants
 * @param {{ rounds: number, warmups: number }} options
 * @returns {Promise<Result[]>}
 */
export async function race(entrants, { rounds, warmups }) {
  const racers = [];
  try {
    for (const entrant of entrants) {
      const racer = new Racer(entrant);
      racers.push(racer);
      await racer.try(async (contestant) => {
        racer.ready = await contestant.next();
        const [reason] = Object.values(racer.ready.cannot ?? {});
        if (entrant.who === 'ceratops' && reason !== undefined) throw new Error(reason);
      });
    }
    for (let round = -warmups; round < rounds; round++) {
      for (const racer of racers) {
        await racer.try(async (contestant) => {
          const values = await contestant.sample(round >= 0);
          if (round >= 0) racer.reports.push(values);
        });
      }
    }
  } finally {
    for (const { contestant } of racers) await contestant.stop();
  }
  return racers.map((racer) => racer.result());
}

/** @param {readonly Values[]} reports */
function summaries(reports) {
  const names = new Set(reports.flatMap(Object.keys));
  return Object.fromEntries(
    [...names].map((name) => [name, summarise(reports.flatMap((report) => (name in report ? [report[name]] : [])))]),
  );
}
