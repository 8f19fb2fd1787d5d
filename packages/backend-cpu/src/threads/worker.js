// @ts-check
/**
 * A worker thread: sleeps until the calling thread opens a run, instantiates the run's module over the shared memory and
 * helps. Self-contained, so that it loads from the sources and from the package, in Node and in browsers. The module's code
 * comes through the memory: while the calling thread computes, no message could.
 */

/** Byte offsets in the control block; see control.ts. */
const generationAt = 0;
const activeAt = 4;
const moduleSerialAt = 8;
const moduleAddressAt = 12;
const moduleBytesAt = 16;
const stopAt = 20;
const faultAt = 24;
const sleepersAt = 28;
const startedAt = 32;
const moduleTableAt = 36;

/** Looks at the generation before it sleeps, longer than a training step is away from the next one: half a millisecond. */
const spins = 40000;
/** Instances kept, the least recently used leave first. */
const keptInstances = 64;

/**
 * @typedef {object} Start
 * @property {any} memory a shared WebAssembly.Memory
 * @property {number} control address of the control block
 * @property {number} thread 1, 2, …
 * @property {number} timeOrigin of the calling thread
 */

/** @type {any} */
const host = globalThis;

/** @param {Start} start */
function work({ memory, control, thread, timeOrigin }) {
  // Profiled code compares its clock with that of the calling thread, which may have begun at another time.
  const ahead = host.performance.timeOrigin - timeOrigin;
  const profile = { now: () => host.performance.now() + ahead };
  const math = mathFunctions();
  /** @type {Map<number, any>} */
  const instances = new Map();
  let words = new Int32Array(memory.buffer);
  const word = (/** @type {number} */ offset) => (control + offset) >> 2;
  const read = (/** @type {number} */ offset) => Atomics.load(words, word(offset));
  Atomics.add(words, word(startedAt), 1);
  let seen = 0;
  for (;;) {
    for (let spin = 0; spin < spins && read(generationAt) === seen; spin++);
    if (read(generationAt) === seen) {
      Atomics.add(words, word(sleepersAt), 1);
      Atomics.wait(words, word(generationAt), seen);
      Atomics.sub(words, word(sleepersAt), 1);
    }
    if (read(stopAt) !== 0) return;
    seen = read(generationAt);
    if (read(activeAt) !== seen) continue;
    try {
      const instance = instanceOf(seen);
      instance?.exports.work(seen, thread);
    } catch {
      Atomics.store(words, word(faultAt), 1);
      return;
    }
  }

  /**
   * The instance for the open run; undefined when the run is over by now.
   * @param {number} generation
   */
  function instanceOf(generation) {
    const serial = read(moduleSerialAt);
    const address = read(moduleAddressAt) >>> 0;
    const length = read(moduleBytesAt);
    const table = read(moduleTableAt);
    let instance = instances.get(serial);
    if (instance === undefined) {
      // The memory may have grown since the last look.
      words = new Int32Array(memory.buffer);
      const code = new Uint8Array(memory.buffer, address, length).slice();
      if (read(activeAt) !== generation) return undefined;
      const imports = { env: { memory, table }, math, profile };
      instance = new host.WebAssembly.Instance(new host.WebAssembly.Module(code), imports);
    } else instances.delete(serial);
    instances.set(serial, instance);
    if (instances.size > keptInstances) instances.delete(instances.keys().next().value ?? serial);
    return read(activeAt) === generation ? instance : undefined;
  }
}

/** The functions that modules import; see render/helpers.ts. */
function mathFunctions() {
  const { exp, expm1, log, log1p, sin, cos, tanh, pow, atan2 } = Math;
  return {
    exponential: exp,
    exponential_minus_one: expm1,
    log,
    log_plus_one: log1p,
    sine: sin,
    cosine: cos,
    tanh,
    power: pow,
    atan2,
    remainder: (/** @type {number} */ a, /** @type {number} */ b) => a % b,
  };
}

if (host.process?.versions?.node === undefined) host.onmessage = (/** @type {any} */ event) => work(event.data);
else {
  // By a variable, so that bundlers for browsers do not follow it.
  const threads = 'node:worker_threads';
  import(threads).then(({ parentPort }) => parentPort.once('message', work));
}
