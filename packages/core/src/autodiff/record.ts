/**
 * The engine of reverse mode: emits a program's forward pass while it notes the instructions that matter, then emits
 * their gradients in reverse order. Only what lies between the chosen inputs and the chosen outputs is noted.
 */
import {
  type AnyInstruction,
  CeratopsError,
  type CompositeVjp,
  compositeOf,
  type Emitter,
  formatType,
  type Literal,
  type OpAttributes,
  type OpName,
  type Program,
  type Value,
  type ValueId,
} from '@ceratops/kernel-registry';
import {
  accumulate,
  type Cotangent,
  isDifferentiable,
  liveInstructions,
  type Recording,
  type RuleContext,
  type VjpRule,
  type VjpSpecification,
  vjpRuleOf,
  zerosOf,
} from '@ceratops/kernel-registry/tracing';
import { decompositionOf } from './composite.js';

export interface RecordOptions extends VjpSpecification {
  /**
   * Gradients of composites that the caller knows; asked before the composite's own registration. `undefined` means
   * "not mine".
   */
  readonly compositeVjp?: ((attributes: OpAttributes['composite']) => CompositeVjp | undefined) | undefined;
}

/** A value of the forward pass; `slot` numbers its cotangent, absent where nothing flows back. */
interface Tracked {
  readonly value: Value;
  readonly slot: number | undefined;
  readonly literal?: Literal | undefined;
}

interface TapeEntry {
  readonly op: OpName;
  readonly rule: VjpRule<OpName>;
  readonly attributes: OpAttributes[OpName];
  readonly operands: readonly Tracked[];
  readonly results: readonly Tracked[];
  readonly residuals: readonly Value[];
  readonly notes: unknown;
}

/**
 * Emits the forward pass of `program` on `operands`.
 * @throws CeratopsError INVALID_ARGUMENT for a `wrt` or `of` that is no such input or output or has no gradient.
 */
export function record(
  emitter: Emitter,
  program: Program,
  operands: readonly Value[],
  options: RecordOptions,
): Recording {
  const recorder = new Recorder(emitter, options);
  const inputs = operands.map((value, index) => recorder.track(value, options.wrt.includes(index)));
  for (const index of options.wrt) checkInput(program, operands, index);
  const of = options.of ?? program.outputs.map((_, index) => index);
  const outputs = recorder.run(program, inputs, of);
  return {
    outputs: outputs.map(({ value }) => value),
    backward: (cotangents) => {
      const seeds = of.map((index, i) => ({ output: outputs[index]!, cotangent: cotangents[i] }));
      const gradients = recorder.backward(seeds);
      return options.wrt.map((index) => gradients[inputs[index]!.slot!]);
    },
  };
}

function checkInput(program: Program, operands: readonly Value[], index: number): void {
  const operand = operands[index];
  if (operand !== undefined && isDifferentiable(operand.type)) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'cannot differentiate with respect to this input', {
    subject: program.name,
    expected: 'a floating or complex input',
    received:
      operand === undefined ? `input ${index} of ${operands.length}` : `${formatType(operand.type)} (input ${index})`,
  });
}

class Recorder {
  readonly #emitter: Emitter;
  readonly #options: RecordOptions;
  readonly #tape: TapeEntry[] = [];
  #slots = 0;

  constructor(emitter: Emitter, options: RecordOptions) {
    this.#emitter = emitter;
    this.#options = options;
  }

  track(value: Value, active: boolean): Tracked {
    return { value, slot: active && isDifferentiable(value.type) ? this.#slots++ : undefined };
  }

  /** Emits a program on tracked values; `of` lists the outputs that matter. */
  run(program: Program, inputs: readonly Tracked[], of: readonly number[]): Tracked[] {
    const chosen = of.map((index) => outputId(program, index));
    const matters = liveInstructions(program, chosen);
    const values: Tracked[] = [...inputs];
    program.instructions.forEach((instruction, i) => {
      const operands = instruction.operands.map((id) => values[id]!);
      values.push(...this.#step(instruction, operands, matters[i]!));
    });
    return program.outputs.map((id) => values[id]!);
  }

  #step(instruction: AnyInstruction, operands: readonly Tracked[], matters: boolean): Tracked[] {
    const { op, attributes } = instruction;
    const rule = vjpRuleOf(op);
    const active = matters && rule.kind !== 'zero' && operands.some(({ slot }) => slot !== undefined);
    const values = operands.map(({ value }) => value);
    if (!active) {
      const literal = instruction.op === 'constant' ? instruction.attributes.value : undefined;
      return this.#emitter.emit(op, values, attributes).map((value) => ({ value, slot: undefined, literal }));
    }
    if (instruction.op === 'composite') return this.#composite(instruction.attributes, operands);
    return this.#note(op, rule, attributes, operands);
  }

  #note(op: OpName, rule: VjpRule<OpName>, attributes: OpAttributes[OpName], operands: readonly Tracked[]): Tracked[] {
    const context = this.#context(attributes, operands);
    const {
      results: values,
      residuals,
      notes,
    } = rule.forward?.(context) ?? {
      results: this.#emitter.emit(op, context.operands, attributes),
      residuals: [],
    };
    const results = values.map((value) => this.track(value, true));
    this.#tape.push({ op, rule, attributes, operands, results, residuals, notes });
    return results;
  }

  #composite(attributes: OpAttributes['composite'], operands: readonly Tracked[]): Tracked[] {
    const rule = this.#compositeRule(attributes);
    if (rule !== undefined) return this.#note('composite', rule, attributes, operands);
    const decomposition = decompositionOf(
      attributes,
      operands.map(({ value }) => value.type),
    );
    const all = decomposition.outputs.map((_, index) => index);
    return this.run(decomposition, operands, all);
  }

  #compositeRule(attributes: OpAttributes['composite']): VjpRule<OpName> | undefined {
    const definition = compositeOf(attributes.name);
    const vjp = this.#options.compositeVjp?.(attributes) ?? definition?.vjp;
    return vjp === undefined ? (definition?.rule as VjpRule<OpName> | undefined) : compositeRule(vjp);
  }

  backward(seeds: readonly { readonly output: Tracked; readonly cotangent: Cotangent }[]): Cotangent[] {
    const slots: Cotangent[] = new Array<Cotangent>(this.#slots).fill(undefined);
    const give = ({ slot }: Tracked, cotangent: Cotangent): void => {
      if (slot !== undefined) slots[slot] = accumulate(this.#emitter, slots[slot], cotangent);
    };
    for (const { output, cotangent } of seeds) give(output, cotangent);
    for (let i = this.#tape.length - 1; i >= 0; i--) {
      const { rule, attributes, operands, results, residuals, notes } = this.#tape[i]!;
      const cotangents = results.map(({ slot }) => (slot === undefined ? undefined : slots[slot]));
      if (cotangents.every((cotangent) => cotangent === undefined)) continue;
      const given = rule.vjp({
        ...this.#context(attributes, operands),
        literals: operands.map(({ literal }) => literal),
        results: results.map(({ value }) => value),
        residuals,
        notes,
        cotangents,
        pullback: (...pulled) => this.#pullback(...pulled),
      });
      operands.forEach((operand, index) => {
        give(operand, given[index]);
      });
    }
    return slots;
  }

  #context(attributes: OpAttributes[OpName], operands: readonly Tracked[]): RuleContext {
    return {
      emitter: this.#emitter,
      attributes,
      operands: operands.map(({ value }) => value),
      needed: operands.map(({ slot }) => slot !== undefined),
      record: (emitter, program, values, specification) =>
        record(emitter, program, values, { ...this.#options, ...specification }),
    };
  }

  #pullback(
    program: Program,
    operands: readonly Value[],
    cotangents: readonly Cotangent[],
    needed: readonly boolean[],
    emitter: Emitter = this.#emitter,
  ): Cotangent[] {
    const wrt = needed.flatMap((isNeeded, index) => (isNeeded ? [index] : []));
    const of = cotangents.flatMap((cotangent, index) => (cotangent === undefined ? [] : [index]));
    const recording = record(emitter, program, operands, { ...this.#options, wrt, of });
    const gradients = recording.backward(of.map((index) => cotangents[index]));
    const given: Cotangent[] = needed.map(() => undefined);
    wrt.forEach((index, i) => {
      given[index] = gradients[i];
    });
    return given;
  }
}

function outputId(program: Program, index: number): ValueId {
  const id = program.outputs[index];
  if (id !== undefined) return id;
  throw new CeratopsError('INVALID_ARGUMENT', 'no such output to differentiate', {
    subject: program.name,
    expected: `an index below ${program.outputs.length}`,
    received: `${index}`,
  });
}

/** A composite's own gradient as a rule; its `backward` wants every cotangent materialised. */
function compositeRule(vjp: CompositeVjp): VjpRule<OpName> {
  const attributesOf = ({ attributes }: RuleContext): OpAttributes['composite']['attributes'] =>
    (attributes as OpAttributes['composite']).attributes;
  return {
    kind: 'own',
    forward: (context) => vjp.forward(context.emitter, context.operands, attributesOf(context)),
    vjp: (context) => {
      const { emitter, results, residuals, cotangents } = context;
      const dense = results.map((result, i) => cotangents[i] ?? zerosOf(emitter, result.type));
      return vjp.backward(emitter, residuals, dense, attributesOf(context));
    },
  };
}
