import type { AnyInstruction, Program, ValueId } from '../program.js';

/** The program without instructions whose results nobody uses; the same object when all are used. Every op is pure. */
export function removeDeadCode(program: Program): Program {
  const live = liveInstructions(program, program.outputs);
  if (live.every(Boolean)) return program;
  const renamed: ValueId[] = program.inputs.map((_, i) => i);
  const instructions: AnyInstruction[] = [];
  let next = program.inputs.length;
  program.instructions.forEach((instruction, i) => {
    if (live[i]) instructions.push({ ...instruction, operands: instruction.operands.map((id) => renamed[id]!) });
    for (const _ of instruction.results) renamed.push(live[i] ? next++ : -1);
  });
  return { ...program, instructions, outputs: program.outputs.map((id) => renamed[id]!) };
}

/** Per instruction, whether one of these values depends on it. */
export function liveInstructions({ inputs, instructions }: Program, values: readonly ValueId[]): boolean[] {
  const used = new Set(values);
  const live = new Array<boolean>(instructions.length);
  let end = instructions.reduce((count, { results }) => count + results.length, inputs.length);
  for (let i = instructions.length - 1; i >= 0; i--) {
    const { operands, results } = instructions[i]!;
    const start = end - results.length;
    live[i] = results.some((_, k) => used.has(start + k));
    if (live[i]) for (const id of operands) used.add(id);
    end = start;
  }
  return live;
}
