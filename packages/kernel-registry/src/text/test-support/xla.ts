/** Runs modules in XLA on the CPU by `tools/stablehlo/run.py`, where a Python with jax is at hand. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DType, dtypes, type HostArray } from '../../dtype.js';
import { inputTypes, outputTypes, type Program } from '../../program.js';
import { printStableHLO } from '../index.js';

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));

/** $CERATOPS_PYTHON, else the repository's virtual environment. */
export const python: string = process.env.CERATOPS_PYTHON ?? path.join(repository, '.venv/bin/python');

/** Why XLA cannot be asked here; undefined when it can. */
export function missingXla(): string | undefined {
  if (!existsSync(python)) return `no Python at ${python}`;
  const found = spawnSync(python, ['-c', 'import jax, ml_dtypes']);
  return found.status === 0 ? undefined : `${python} has no jax`;
}

/** Why nothing can be compiled for a TPU here; undefined when it can. */
export function missingTpuCompiler(): string | undefined {
  const missing = missingXla();
  if (missing !== undefined) return missing;
  const found = spawnSync(python, ['-c', 'import libtpu']);
  return found.status === 0 ? undefined : `${python} has no libtpu`;
}

interface Encoded {
  readonly dtype: DType;
  readonly data: string;
}

interface Response {
  readonly outputs?: readonly Encoded[];
  readonly error?: string;
}

export interface Job {
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  readonly compileOnly?: boolean;
  /** Compile for a TPU topology (`v5e:2x2`) instead, and run nothing. */
  readonly topology?: string;
}

function request({ program, inputs, compileOnly = false, topology }: Job): string {
  const types = inputTypes(program);
  const values = inputs.map((data, i) => ({
    ...types[i],
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  }));
  return JSON.stringify({ text: printStableHLO(program), inputs: values, compileOnly, topology });
}

/** The outputs of each job, or what XLA said against it. */
export function runInXla(jobs: readonly Job[]): (HostArray[] | string)[] {
  const script = path.join(repository, 'tools/stablehlo/run.py');
  const input = jobs.map(request).join('\n');
  const { stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return jobs.map(({ program }, i) => {
    // XLA aborts its process on some bad modules.
    const response: Response =
      lines[i] === undefined ? { error: `XLA died: ${stderr.slice(-2000)}` } : JSON.parse(lines[i]);
    if (response.error !== undefined) return response.error;
    const types = outputTypes(program);
    return (response.outputs ?? []).map((output, j) => decode(types[j]!.dtype, output));
  });
}

function decode(dtype: DType, { data }: Encoded): HostArray {
  const { host } = dtypes[dtype];
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  return new host(bytes.buffer, 0, bytes.byteLength / host.BYTES_PER_ELEMENT);
}

/** A function that JAX lowered, and what it computes for the inputs. */
export interface LoweredCase {
  readonly name: string;
  readonly text: string;
  readonly inputs: readonly HostArray[];
  readonly outputs: readonly { readonly dtype: DType; readonly data: HostArray }[];
}

/** The functions of `tools/stablehlo/lower.py`. */
export function lowerByJax(): LoweredCase[] {
  const script = path.join(repository, 'tools/stablehlo/lower.py');
  const { stdout, stderr, status } = spawnSync(python, [script], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { name, text, inputs, outputs } = JSON.parse(line) as {
        readonly name: string;
        readonly text: string;
        readonly inputs: readonly Encoded[];
        readonly outputs: readonly Encoded[];
      };
      const decoded = (value: Encoded) => ({ dtype: value.dtype, data: decode(value.dtype, value) });
      return { name, text, inputs: inputs.map((value) => decoded(value).data), outputs: outputs.map(decoded) };
    });
}
