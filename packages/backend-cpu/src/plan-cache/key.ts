/** Programs as bytes that are equal for equal programs only: ops, types, attributes, data and aliases, without names. */

import { kernelsFor, opNames, type Program, type TensorType } from '@ceratops/kernel-registry';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** Of constant data: more would take longer to read than to compile. */
const mostDataBytes = 1 << 23;

/**
 * The bytes as words.
 * @param surroundings what the compilation depends on beside the program.
 * @throws Error where the program does not say all: attributes that are no plain data, kernels from other packages; and for
 * much constant data.
 */
export function keyOf(surroundings: string, program: Program): Int32Array {
  if (opNames.some((op) => kernelsFor('cpu', op).length > 0)) throw new Error('kernels of other packages');
  const writer = new KeyWriter();
  const text = new TextEncoder().encode(`${surroundings}\n${writer.program(program)}`);
  const data = writer.data.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  const length = data.reduce((sum, part) => sum + part.length, text.length);
  const words = new Int32Array(1 + Math.ceil(length / 4));
  words[0] = text.length;
  const bytes = new Uint8Array(words.buffer);
  let at = 4;
  for (const part of [text, ...data]) {
    bytes.set(part, at);
    at += part.length;
  }
  return words;
}

/** Text costs a fifth of a walk over every number: engines join lists without running any code that is still cold. */
class KeyWriter {
  /** Typed arrays, whose bytes follow the text in this order. */
  readonly data: ArrayBufferView[] = [];
  #dataBytes = 0;

  program({ inputs, instructions, outputs }: Program): string {
    let text = '(';
    for (const { type, aliases } of inputs) text += `${this.#type(type)}=${aliases} `;
    text += ')\n';
    for (const { op, operands, attributes, results } of instructions) {
      if (op === 'composite' && kernelsFor('cpu', op, attributes.name).length > 0)
        throw new Error('a kernel of another package');
      text += `${op}(${operands.join()})${this.#object(attributes)}:`;
      for (const type of results) text += `${this.#type(type)} `;
      text += '\n';
    }
    return `${text}(${outputs.join()})`;
  }

  /** A type may be an object with more in it. */
  #type({ dtype, shape, sharding }: TensorType): string {
    const dense = `${dtype}[${shape.join()}]`;
    return sharding === undefined ? dense : dense + this.#value(sharding);
  }

  #value(value: unknown): string {
    switch (typeof value) {
      case 'number':
        return Object.is(value, -0) ? '-0' : `${value}`;
      case 'string':
        return JSON.stringify(value);
      case 'boolean':
      case 'undefined':
        return `${value}`;
      case 'bigint':
        return `${value}n`;
      case 'object':
        return value === null ? 'null' : this.#object(value);
      default:
        throw new Error(`no plain data: ${typeof value}`);
    }
  }

  #object(value: object): string {
    if (Array.isArray(value)) {
      let text = '[';
      for (const item of value) text += `${this.#value(item)},`;
      return `${text}]`;
    }
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if ('instructions' in value) return this.program(value as Program);
    let text = '{';
    for (const name in value) {
      const field = (value as { readonly [name: string]: unknown })[name];
      if (field !== undefined) text += `${JSON.stringify(name)}:${this.#value(field)},`;
    }
    return `${text}}`;
  }

  #view(view: ArrayBufferView): string {
    this.#dataBytes += view.byteLength;
    if (this.#dataBytes > mostDataBytes) throw new Error('too much constant data');
    this.data.push(view);
    return `${view.constructor.name}#${view.byteLength}`;
  }
}
