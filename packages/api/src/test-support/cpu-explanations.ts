/** What the CPU backend says of the programs that a test compiles; undefined where it is not installed. */

import { useBackend } from '@ceratops/core';
import type { Executable, Program } from '@ceratops/kernel-registry';

interface CpuBackend {
  compile(program: Program, options: unknown): Omit<Executable, 'explain'> & { explain(): string };
}

const name = '@ceratops/backend-cpu';
const cpu = (await import(name).catch(() => undefined)) as
  | { createCpuBackend(options: object): CpuBackend }
  | undefined;

/** Sets the backend; the list fills with the `explain()` of each program. */
export const useExplainingCpu = cpu && ((): readonly string[] => explain(cpu.createCpuBackend({ threads: 1 })));

function explain(backend: CpuBackend): readonly string[] {
  const compile = backend.compile.bind(backend);
  const texts: string[] = [];
  backend.compile = (program, options) => {
    const executable = compile(program, options);
    texts.push(executable.explain());
    return executable;
  };
  useBackend(backend as never);
  return texts;
}
