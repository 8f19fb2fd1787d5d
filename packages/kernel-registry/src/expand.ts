/** Replacing composites by their decompositions. */

import type { OpQuery } from './backend.js';
import { type Emitter, inline, ProgramBuilder, type Value } from './builder.js';
import { compositeOf, unknownComposite } from './composite.js';
import { CeratopsError } from './errors.js';
import { infer } from './infer/index.js';
import { formatTypes, sameTypes } from './infer/rule.js';
import type { OpAttributes, OpName } from './opset.js';
import { removeDeadCode } from './program/dead-code.js';
import { mapRegions, regionsOf } from './program/regions.js';
import type { Program } from './program.js';
import type { TensorType } from './tensor-type.js';

export type KeepComposite = (query: OpQuery<'composite'>) => boolean;

/**
 * The program with every composite that `keep` refuses replaced by its decomposition, again and again, in regions
 * too, and what that leaves unused removed. The same object when nothing was replaced.
 * @throws CeratopsError UNKNOWN_NAME for a composite that has neither a definition here nor a decomposition with it.
 */
export function expandComposites(program: Program, keep: KeepComposite): Program {
  if (!hasComposites(program)) return program;
  const builder = new ProgramBuilder();
  const inputs = program.inputs.map(({ type }) => builder.input(type));
  const expander = new Expander(builder, keep);
  const outputs = expander.replay(program, inputs);
  if (!expander.changed) return program;
  const aliases = program.inputs.map((input) => input.aliases);
  return removeDeadCode(builder.build(outputs, program.name, aliases));
}

function hasComposites(program: Program): boolean {
  return program.instructions.some(
    (instruction) =>
      instruction.op === 'composite' || regionsOf(instruction).some((region) => hasComposites(region.program)),
  );
}

class Expander implements Emitter {
  changed = false;
  readonly #builder: ProgramBuilder;
  readonly #keep: KeepComposite;

  constructor(builder: ProgramBuilder, keep: KeepComposite) {
    this.#builder = builder;
    this.#keep = keep;
  }

  /** A program's instructions, whose types are known, again. Ops of any name pass. */
  replay(program: Program, operands: readonly Value[]): Value[] {
    const values = [...operands];
    for (const { op, operands: ids, attributes, results } of program.instructions) {
      const given = ids.map((id) => values[id]!);
      values.push(...this.#take(op, given, attributes, results));
    }
    return program.outputs.map((id) => values[id]!);
  }

  /** For decompositions. */
  emit<O extends OpName>(op: O, operands: readonly Value[], attributes: OpAttributes[O]): readonly Value[] {
    const types = operands.map(({ type }) => type);
    return this.#take(op, operands, attributes, infer(op, types, attributes));
  }

  #take<O extends OpName>(
    op: O,
    operands: readonly Value[],
    attributes: OpAttributes[O],
    results: readonly TensorType[],
  ): readonly Value[] {
    if (op !== 'composite') return this.#builder.append(op, operands, this.#expandRegions(op, attributes), results);
    const composite = attributes as OpAttributes['composite'];
    const operandTypes = operands.map(({ type }) => type);
    const query = { op: 'composite', operands: operandTypes, results, attributes: composite } as const;
    if (this.#keep(query)) return this.#builder.append(op, operands, attributes, results);
    this.changed = true;
    const values = decompose(this, composite, operands, (program) => this.replay(program, operands));
    const types = values.map(({ type }) => type);
    if (!sameTypes(types, results)) {
      throw new CeratopsError('INVALID_PROGRAM', 'the decomposition gives other types than the composite', {
        subject: composite.name,
        expected: formatTypes(results),
        received: formatTypes(types),
      });
    }
    return values;
  }

  #expandRegions<O extends OpName>(op: O, attributes: OpAttributes[O]): OpAttributes[O] {
    const instruction = { op, operands: [], attributes, results: [] } as unknown as Program['instructions'][number];
    const expanded = mapRegions(instruction, (region) => expandComposites(region, this.#keep)) as OpAttributes[O];
    if (expanded !== attributes) this.changed = true;
    return expanded;
  }
}

/** Emits what a composite is made of: its registered definition's decomposition, else the one it carries. */
export function decompose(
  emitter: Emitter,
  { name, attributes, decomposition }: OpAttributes['composite'],
  operands: readonly Value[],
  replay: (program: Program) => readonly Value[] = (program) => inline(emitter, program, operands),
): readonly Value[] {
  const definition = compositeOf(name);
  if (definition !== undefined) return definition.decompose(emitter, operands, attributes);
  if (decomposition === undefined) throw unknownComposite(name);
  return replay(decomposition);
}
