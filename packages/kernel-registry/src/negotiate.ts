/** Fitting a program to a backend: which ops it runs as they are, which decompose, which nobody can run. */

import type { Backend, OpQuery, QueryAnswer } from './backend.js';
import { backends } from './backends.js';
import { CeratopsError } from './errors.js';
import { expandComposites } from './expand.js';
import { formatTypes } from './infer/rule.js';
import { laterOps } from './opset.js';
import { regionsOf } from './program/regions.js';
import { type AnyInstruction, type Program, valueTypes } from './program.js';
import type { TensorType } from './tensor-type.js';

/** The part of a backend that negotiation needs. */
export type Capabilities = Pick<Backend, 'name' | 'opset' | 'dtypes' | 'query'>;

/**
 * The program with every composite that the backend does not run itself replaced by its decomposition.
 * @throws CeratopsError UNSUPPORTED, one for all ops that have no kernel: op, types, backend, reason, who could run it.
 */
export function negotiate(program: Program, backend: Capabilities): Program {
  const expanded = expandComposites(program, (query) => answer(query, backend).kind !== 'decompose');
  const missing: Missing[] = [];
  forEachQuery(expanded, (query) => {
    const result = answer(query, backend);
    if (result.kind === 'unsupported') missing.push({ query, reason: result.reason });
  });
  if (missing.length > 0) throw unsupported(program.name, backend, missing);
  return expanded;
}

/** One line per instruction of the program as it was given: native, decomposed into what, or why not. */
export function explain(program: Program, backend: Capabilities): string {
  const lines: string[] = [];
  forEachQuery(program, (query, depth) => {
    const result = answer(query, backend);
    const detail = result.kind === 'unsupported' ? `unsupported: ${result.reason}` : result.kind;
    lines.push(`${'  '.repeat(depth)}${formatQuery(query)}: ${detail}`);
  });
  return [`${program.name} on ${backend.name}`, ...lines].join('\n');
}

/** The backend's answer, after what holds for every backend: its opset and its dtypes. */
function answer(query: OpQuery, backend: Capabilities): QueryAnswer {
  const since = laterOps[query.op] ?? 1;
  if (since > backend.opset) {
    return { kind: 'unsupported', reason: `needs opset ${since}, the backend knows ${backend.opset}` };
  }
  const foreign = [...query.operands, ...query.results].find(({ dtype }) => !backend.dtypes[dtype].storage);
  if (foreign !== undefined) return { kind: 'unsupported', reason: `no storage for ${foreign.dtype}` };
  return backend.query(query);
}

/** Visits every instruction, regions after the op that holds them; a composite's carried decomposition is not visited. */
function forEachQuery(program: Program, visit: (query: OpQuery, depth: number) => void, depth = 0): void {
  const types = valueTypes(program);
  for (const instruction of program.instructions) {
    visit(queryOf(instruction, types), depth);
    if (instruction.op === 'composite') continue;
    for (const region of regionsOf(instruction)) forEachQuery(region.program, visit, depth + 1);
  }
}

function queryOf({ op, operands, results, attributes }: AnyInstruction, types: readonly TensorType[]): OpQuery {
  return { op, operands: operands.map((id) => types[id]!), results, attributes } as OpQuery;
}

function formatQuery({ op, operands, results, attributes }: OpQuery): string {
  const name = op === 'composite' ? (attributes as { readonly name: string }).name : op;
  return `${name}(${formatTypes(operands)}) → ${formatTypes(results)}`;
}

interface Missing {
  readonly query: OpQuery;
  readonly reason: string;
}

function unsupported(program: string, backend: Capabilities, missing: readonly Missing[]): CeratopsError {
  const lines = missing.map(({ query, reason }) => `${formatQuery(query)}: ${reason}`);
  const distinct = [...new Set(lines)];
  const able = backends()
    .filter((factory) => factory.name !== backend.name)
    .filter(({ query: ask }) => ask !== undefined && missing.every(({ query }) => ask(query).kind !== 'unsupported'))
    .map((factory) => factory.name);
  return new CeratopsError('UNSUPPORTED', `backend ${backend.name} cannot run ${distinct.join('; ')}`, {
    subject: program,
    remedy:
      able.length > 0
        ? `registered backends that can: ${able.join(', ')}`
        : 'no other registered backend says that it can',
  });
}
