/** StableHLO text → Program. */

import type { Program } from '../program.js';
import { Importer } from './import.js';
import { parseModule } from './parse-module.js';

export interface ParseOptions {
  /** The function that becomes the program; `main` unless told. */
  readonly entry?: string | undefined;
}

/**
 * Reads a module of StableHLO text, in the ops' own or MLIR's generic syntax. Calls are inlined; values that the
 * branches of a `case` or the regions of a `while` capture become operands; ops beyond the opset are expressed by it.
 *
 * @throws CeratopsError MALFORMED_INPUT with line and column and what was expected there; UNSUPPORTED for an op, a
 *   dialect or a capture that cannot be a Program.
 */
export function parseStableHLO(text: string, options: ParseOptions = {}): Program {
  const { module, cursor } = parseModule(text);
  const entry = options.entry ?? 'main';
  return new Importer(module, cursor).program(entry, 0, module.name ?? entry);
}
