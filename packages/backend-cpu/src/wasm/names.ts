import { ByteWriter } from './byte-writer.js';
import type { FunctionEntry } from './module-writer.js';

const custom = 0;

/** The section by which stack traces, debuggers and disassemblers call functions by their names. A late part. */
export function writeNames(out: ByteWriter, functions: readonly FunctionEntry[]): void {
  const map = new ByteWriter(256);
  map.unsigned(functions.length);
  for (const { name, writer } of functions) {
    map.unsigned(writer.index);
    map.name(name);
  }
  const body = new ByteWriter(map.length + 16);
  body.name('name');
  body.byte(1);
  body.unsigned(map.length);
  body.append(map.bytes.subarray(0, map.length));
  out.byte(custom);
  out.unsigned(body.length);
  out.append(body.bytes.subarray(0, body.length));
}
