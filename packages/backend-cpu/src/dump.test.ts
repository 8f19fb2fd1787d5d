import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { afterEach, expect, it, vi } from 'vitest';
import { createCpuBackend } from './index.js';

const row = tensorType('float32', [4]);
const doubled = buildProgram([row], (e, x) => [emit.add(e, x!, x!)], 'doubled');

function compileDumping(to: string): void {
  vi.stubEnv('CERATOPS_DUMP', to);
  createCpuBackend({ threads: 1 }).compile(doubled);
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('CERATOPS_DUMP=stages prints the stages of each compilation and writes nothing', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  compileDumping('stages');
  const [program, clean, fusion, plan] = log.mock.calls.map(([text]) => String(text));
  expect(program).toContain(
    'doubled: program\nprogram doubled\n  %0 = input: float32[4]\n  %1 = add(%0, %0): float32[4]',
  );
  expect(clean).toContain('doubled: clean');
  expect(fusion).toContain('[member, stored]');
  expect(plan).toContain('doubled: plan');
  expect(log).toHaveBeenCalledTimes(4);
  expect(existsSync('stages')).toBe(false);
});

it('CERATOPS_DUMP=folder writes them and the module there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ceratops-dump-'));
  compileDumping(folder);
  const files = readdirSync(folder).sort();
  const kinds = files.map((file) => file.replace(/^\d+-/, '')).sort();
  expect(kinds).toEqual([
    'doubled-clean.txt',
    'doubled-fusion.txt',
    'doubled-plan.txt',
    'doubled-program.txt',
    'doubled.wasm',
  ]);
  const module = readFileSync(join(folder, files.find((file) => file.endsWith('.wasm'))!));
  expect([...module.subarray(0, 4)]).toEqual([...'\0asm'].map((character) => character.charCodeAt(0)));
  rmSync(folder, { recursive: true });
});
