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
  const outputs = inline(expander, program, inputs);
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

  emit<O extends OpName>(op: O, operands: readonly Value[], attributes: OpAttributes[O]): readonly Value[] {
    if (op !== 'composite') return this.#builder.emit(op, operands, this.#expandRegions(op, attributes));
    const composite = attributes as OpAttributes['composite'];
    const operandTypes = operands.map(({ type }) => type);
    const results = infer('composite', operandTypes, composite);
    const query = { op: 'composite', operands: operandTypes, results, attributes: composite } as const;
    if (this.#keep(query)) return this.#builder.emit(op, operands, attributes);
    this.changed = true;
    const values = decompose(this, composite, operands);
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
): readonly Value[] {
  const definition = compositeOf(name);
  if (definition !== undefined) return definition.decompose(emitter, operands, attributes);
  if (decomposition === undefined) throw unknownComposite(name);
  return inline(emitter, decomposition, operands);
}
