import { ByteWriter } from './byte-writer.js';
import { type FunctionIndex, FunctionWriter } from './function-writer.js';
import { type ValueType, valueTypes } from './opcodes.js';

export interface MemoryImport {
  readonly initialPages: number;
  readonly maximumPages: number;
  readonly shared: boolean;
}

export interface FunctionEntry {
  readonly name: string;
  readonly type: number;
  readonly writer: FunctionWriter;
}

const section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** A WebAssembly module in the making. All imports come before the first function. */
export class ModuleWriter {
  readonly #types: string[] = [];
  readonly #typeBytes: ByteWriter = new ByteWriter(64);
  readonly #imports: ByteWriter = new ByteWriter(64);
  #importCount = 0;
  #importedFunctions = 0;
  /** In order of their indices, imported ones left out. */
  readonly functions: FunctionEntry[] = [];
  readonly #exports: [string, FunctionIndex][] = [];

  importMemory(module: string, name: string, { initialPages, maximumPages, shared }: MemoryImport): void {
    this.#declare(module, name, 2);
    this.#imports.byte(shared ? 3 : 1);
    this.#imports.unsigned(initialPages);
    this.#imports.unsigned(maximumPages);
  }

  /** An i32 that never changes; the first is global 0. */
  importGlobal(module: string, name: string): void {
    this.#declare(module, name, 3);
    this.#imports.byte(valueTypes.i32);
    this.#imports.byte(0);
  }

  importFunction(
    module: string,
    name: string,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
  ): FunctionIndex {
    if (this.functions.length > 0) throw new Error('imports come before functions');
    this.#declare(module, name, 0);
    this.#imports.unsigned(this.#typeIndex(parameters, results));
    return this.#importedFunctions++;
  }

  #declare(module: string, name: string, kind: number): void {
    this.#imports.name(module);
    this.#imports.name(name);
    this.#imports.byte(kind);
    this.#importCount++;
  }

  /** Starts a function; parameters are locals 0, 1, …. */
  function(name: string, parameters: readonly ValueType[], results: readonly ValueType[]): FunctionWriter {
    const index = this.#importedFunctions + this.functions.length;
    const writer = new FunctionWriter(index, parameters.length);
    this.functions.push({ name, type: this.#typeIndex(parameters, results), writer });
    return writer;
  }

  export(name: string, index: FunctionIndex): void {
    this.#exports.push([name, index]);
  }

  #typeIndex(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}>${results.join()}`;
    const known = this.#types.indexOf(key);
    if (known >= 0) return known;
    this.#types.push(key);
    this.#typeBytes.byte(0x60);
    this.#typeBytes.unsigned(parameters.length);
    for (const type of parameters) this.#typeBytes.byte(valueTypes[type]);
    this.#typeBytes.unsigned(results.length);
    for (const type of results) this.#typeBytes.byte(valueTypes[type]);
    return this.#types.length - 1;
  }

  /** @param writeNames for a module whose functions keep their names. */
  finish(writeNames?: (out: ByteWriter, functions: readonly FunctionEntry[]) => void): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(1024);
    out.append([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    writeSection(out, section.type, this.#types.length, this.#typeBytes);
    writeSection(out, section.import, this.#importCount, this.#imports);

    const declarations = new ByteWriter(64);
    for (const { type } of this.functions) declarations.unsigned(type);
    writeSection(out, section.function, this.functions.length, declarations);

    const exports = new ByteWriter(64);
    for (const [name, index] of this.#exports) {
      exports.name(name);
      exports.byte(0);
      exports.unsigned(index);
    }
    writeSection(out, section.export, this.#exports.length, exports);

    const code = new ByteWriter(4096);
    for (const { writer } of this.functions) writer.writeTo(code);
    writeSection(out, section.code, this.functions.length, code);
    writeNames?.(out, this.functions);
    return out.finish();
  }
}

function writeSection(out: ByteWriter, id: number, count: number, content: ByteWriter): void {
  if (count === 0) return;
  const size = new ByteWriter(8);
  size.unsigned(count);
  out.byte(id);
  out.unsigned(size.length + content.length);
  out.append(size.bytes.subarray(0, size.length));
  out.append(content.bytes.subarray(0, content.length));
}
