/**
 * Functions that kernels of one module share, emitted when first asked for: elementary functions of four floats, 16-bit
 * formats, and the host's float64 Math.
 */

import { needed } from '@ceratops/compiler';
import { binaryOps } from '@ceratops/kernel-registry';
import type { LateParts } from '../late-parts.js';
import { exp } from '../math/exponential.js';
import { log } from '../math/logarithm.js';
import { logistic } from '../math/logistic.js';
import { tanh } from '../math/tanh.js';
import { VectorCode } from '../math/vector-code.js';
import type { HostFunction } from '../program/host-functions.js';
import type { FunctionIndex, FunctionWriter, Local } from '../wasm/function-writer.js';
import * as laneOp from '../wasm/lane-op.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import * as op from '../wasm/op.js';

/** Functions of one f32x4 that are late parts. */
export type LateVectorFunction =
  | 'ceratops.erf@1'
  | 'exponential_minus_one'
  | 'log_plus_one'
  | 'sine'
  | 'cosine'
  | 'float16ToFloat32'
  | 'float32ToFloat16'
  | 'bfloat16ToFloat32'
  | 'float32ToBfloat16';

const vectorFunctions: { readonly [name: string]: VectorRoutine } = {
  exponential: exp,
  log,
  tanh,
  'ceratops.logistic@1': logistic,
};

export type VectorFunction = 'exponential' | 'log' | 'tanh' | 'ceratops.logistic@1' | LateVectorFunction;

export type VectorRoutine = (v: VectorCode, x: Local, helpers: Helpers) => Local;

/** Results of a vector function are the same inlined and called, so this only trades code size for speed. */
const inlineLimit = 24;

export class Helpers {
  readonly module: ModuleWriter;
  readonly relaxed: boolean;
  readonly #late: LateParts | undefined;
  readonly #hosts: Map<HostFunction, FunctionIndex> = new Map();
  readonly #functions: Map<string, FunctionIndex> = new Map();
  #inlined = 0;

  constructor(module: ModuleWriter, relaxed: boolean, hosts: Iterable<HostFunction>, late: LateParts | undefined) {
    this.module = module;
    this.relaxed = relaxed;
    this.#late = late;
    for (const name of hosts)
      this.#hosts.set(
        name,
        module.importFunction('math', name, binaryOps.has(name) ? ['f64', 'f64'] : ['f64'], ['f64']),
      );
  }

  get late(): LateParts {
    return needed(this.#late);
  }

  /** @throws LatePartsNeeded for what is not imported without them. */
  host(name: HostFunction): FunctionIndex {
    return needed(this.#hosts.get(name));
  }

  /** Replaces the f32x4 on the stack by the function of it. */
  vector(f: FunctionWriter, name: VectorFunction): void {
    if (this.#inlined < inlineLimit) {
      this.#inlined++;
      const x = f.local('v128');
      f.set(x);
      const code = new VectorCode(f, this.relaxed);
      code.finish(this.#routine(name)(code, x, this));
      f.release('v128', x);
    } else f.call(this.vectorIndex(name));
  }

  #routine(name: VectorFunction): VectorRoutine {
    return vectorFunctions[name] ?? this.late.functions[name as LateVectorFunction];
  }

  vectorIndex(name: VectorFunction): FunctionIndex {
    return this.shared(name, () => {
      const g = this.module.function(name, ['v128'], ['v128']);
      const code = new VectorCode(g, this.relaxed);
      code.finish(this.#routine(name)(code, 0, this));
      return g.index;
    });
  }

  /** Replaces the f32 on the stack. */
  scalar(f: FunctionWriter, name: VectorFunction): void {
    f.call(
      this.shared(`scalar ${name}`, () => {
        const g = this.module.function(`${name}1`, ['f32'], ['f32']);
        const target = this.vectorIndex(name);
        g.get(0);
        g.op(op.f32x4Splat);
        g.call(target);
        g.lane(laneOp.f32x4Extract, 0);
        return g.index;
      }),
    );
  }

  /** IEEE 754's pow. The host's gives NaN where 1 is raised to NaN, and ±1 to an infinity; any huge even number does for that. */
  power(): FunctionIndex {
    return this.shared('power', () => {
      const g = this.module.function('power', ['f64', 'f64'], ['f64']);
      g.get(0);
      g.f64(0);
      g.get(1);
      g.f64(1e300);
      g.op(op.f64Min);
      g.f64(-1e300);
      g.op(op.f64Max);
      g.get(0);
      g.f64(1);
      g.op(op.f64Eq);
      g.op(op.select);
      g.call(this.host('power'));
      return g.index;
    });
  }

  /** One function a module under this key. */
  shared(key: string, emit: () => FunctionIndex): FunctionIndex {
    let index = this.#functions.get(key);
    if (index === undefined) {
      index = emit();
      this.#functions.set(key, index);
    }
    return index;
  }
}
