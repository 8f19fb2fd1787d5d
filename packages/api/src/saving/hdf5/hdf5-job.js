// @ts-check
/**
 * One HDF5 job: a file's bytes to content, or content to a file's bytes. It runs in a worker of its own
 * (`hdf5-worker.js`) or, where there is none, in the calling thread: so it leaves nothing changed behind, and no file.
 *
 * @typedef {import('./content.js').Hdf5Job} Hdf5Job
 * @typedef {import('./content.js').Hdf5Reply} Hdf5Reply
 * @typedef {import('./content.js').Hdf5Content} Hdf5Content
 * @typedef {import('./content.js').Hdf5Dataset} Hdf5Dataset
 * @typedef {import('./content.js').Hdf5Attribute} Hdf5Attribute
 * @typedef {import('@ceratops/kernel-registry').DType} DType
 * @typedef {import('@ceratops/kernel-registry').HostArray} HostArray
 */

import h5wasm from 'h5wasm';

const maximumDepth = 64;
const maximumObjects = 1_000_000;

/** Of the library's file system, in memory. A name is used once: a file that broke a job may not close. */
let files = 0;

/**
 * @param {Hdf5Job} job
 * @returns {Promise<Hdf5Reply>}
 */
export async function answer(job) {
  /** @type {any} */
  let library;
  try {
    library = await h5wasm.ready;
    // Else it prints what is wrong with a file, and throws without it.
    library.activate_throwing_error_handler();
  } catch (error) {
    return { kind: 'unavailable', message: describe(error) };
  }
  const file = `/model-${++files}.h5`;
  try {
    return withMemoryCap(job.memoryLimit, () =>
      job.kind === 'read'
        ? { kind: 'read', content: read(library.FS, file, job.bytes, job.memoryLimit) }
        : { kind: 'written', bytes: write(library.FS, file, job.content) },
    );
  } catch (error) {
    return { kind: 'failed', message: describe(error) };
  } finally {
    if (library.FS.analyzePath(file).exists) library.FS.unlink(file);
  }
}

/**
 * The library may ask for any amount of memory on a damaged file. Other WebAssembly of this thread is not concerned, since
 * `body` is synchronous.
 *
 * @template T
 * @param {number} bytes
 * @param {() => T} body
 * @returns {T}
 */
function withMemoryCap(bytes, body) {
  const { prototype } = /** @type {any} */ (globalThis).WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function (/** @type {number | bigint} */ pages) {
    if (this.buffer.byteLength + Number(pages) * 65536 > bytes)
      throw new RangeError(`more than ${bytes} bytes asked for`);
    return grow.call(this, pages);
  };
  try {
    return body();
  } finally {
    prototype.grow = grow;
  }
}

/**
 * What is wrong, in the words of the library's innermost function: the last line `#011: … in H5C__load_entry(): …`.
 * @param {unknown} error
 */
function describe(error) {
  const text = error instanceof Error ? error.message : String(error);
  return [...text.matchAll(/#\d+: .*? in \S+: (.*)/g)].at(-1)?.[1] ?? text;
}

/**
 * @param {any} FS
 * @param {string} file
 * @param {Uint8Array} bytes
 * @param {number} memoryLimit
 * @returns {Hdf5Content}
 */
function read(FS, file, bytes, memoryLimit) {
  FS.writeFile(file, bytes);
  const root = new h5wasm.File(file, 'r');
  /** @type {{ path: string, attributes: Record<string, Hdf5Attribute> }[]} */
  const groups = [];
  /** @type {Hdf5Dataset[]} */
  const datasets = [];
  let held = 0;

  /** @param {any} group @param {string} path @param {number} depth */
  function visit(group, path, depth) {
    if (depth > maximumDepth) throw new Error(`groups nest deeper than ${maximumDepth} at ${path}`);
    if (groups.length + datasets.length > maximumObjects) throw new Error(`more than ${maximumObjects} objects`);
    groups.push({ path: path === '' ? '/' : path, attributes: attributesOf(group) });
    for (const name of group.keys()) {
      const child = group.get(name);
      const childPath = `${path}/${name}`;
      if (child?.type === 'Group') visit(child, childPath, depth + 1);
      else if (child?.type === 'Dataset') {
        const { total_size: count, size } = child.metadata;
        held += count * size;
        if (held > memoryLimit) throw new Error(`datasets hold more than ${memoryLimit} bytes at ${childPath}`);
        datasets.push(datasetOf(child, childPath));
      } else throw new Error(`${childPath} is a ${child?.type ?? 'broken link'}, not a group or a dataset`);
    }
  }

  try {
    visit(root, '', 0);
    return { groups, datasets };
  } finally {
    root.close();
  }
}

/**
 * @param {any} object
 * @returns {Record<string, Hdf5Attribute>}
 */
function attributesOf(object) {
  /** @type {Record<string, Hdf5Attribute>} */
  const attributes = {};
  for (const [name, attribute] of Object.entries(object.attrs)) {
    const value = /** @type {any} */ (attribute).value;
    if (typeof value === 'string' || typeof value === 'number') attributes[name] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item === 'string')) attributes[name] = value;
  }
  return attributes;
}

/** HDF5's type classes, as the library numbers them. */
const integerClass = 0;
const floatClass = 1;
const opaqueClass = 5;
const enumClass = 8;

/**
 * @param {any} dataset
 * @param {string} path
 * @returns {Hdf5Dataset}
 */
function datasetOf(dataset, path) {
  const { type, size, signed, shape, littleEndian } = dataset.metadata;
  const attributes = attributesOf(dataset);
  const dtype = dtypeOf(type, size, signed, attributes);
  if (dtype === undefined)
    throw new Error(`${path} has an element type that no weight has (class ${type}, ${size} bytes)`);
  if (!littleEndian && size > 1 && type !== opaqueClass)
    throw new Error(`${path} is big-endian, which Keras never writes`);
  return { path, dtype, shape: shape ?? [], data: hostArray(dataset.value, dtype), attributes };
}

/**
 * @param {number} type
 * @param {number} size
 * @param {boolean} signed
 * @param {Record<string, Hdf5Attribute>} attributes
 * @returns {DType | undefined}
 */
function dtypeOf(type, size, signed, attributes) {
  const bits = size * 8;
  if (type === integerClass && bits <= 64) return /** @type {DType} */ (`${signed ? '' : 'u'}int${bits}`);
  if (type === floatClass && (bits === 16 || bits === 32 || bits === 64)) return /** @type {DType} */ (`float${bits}`);
  if (type === enumClass && size === 1) return 'bool';
  if (type === opaqueClass && size === 2 && attributes.dtype === 'bfloat16') return 'bfloat16';
  return undefined;
}

/**
 * @param {any} value the library's typed array, a bare number for a scalar, or raw bytes for opaque elements
 * @param {DType} dtype
 * @returns {HostArray}
 */
function hostArray(value, dtype) {
  if (dtype === 'bfloat16') return new Uint16Array(Uint8Array.from(value).buffer);
  if (dtype === 'bool')
    return Uint8Array.from(ArrayBuffer.isView(value) ? /** @type {any} */ (value) : [value].flat(), Number);
  if (dtype === 'float16') return halfBits(ArrayBuffer.isView(value) ? /** @type {any} */ (value) : [value].flat());
  if (ArrayBuffer.isView(value)) return /** @type {HostArray} */ (value);
  if (typeof value === 'bigint') return dtype === 'int64' ? BigInt64Array.of(value) : BigUint64Array.of(value);
  const arrays = {
    int8: Int8Array,
    int16: Int16Array,
    int32: Int32Array,
    uint8: Uint8Array,
    uint16: Uint16Array,
    uint32: Uint32Array,
    float32: Float32Array,
    float64: Float64Array,
  };
  return arrays[/** @type {keyof typeof arrays} */ (dtype)].of(value);
}

/**
 * Float values that are exact in float16, as bits.
 * @param {ArrayLike<number>} values
 */
function halfBits(values) {
  const bits = new Uint16Array(values.length);
  const view = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < bits.length; i++) {
    const value = values[i];
    view.setFloat32(0, value);
    const word = view.getUint32(0);
    const sign = (word >>> 16) & 0x8000;
    const magnitude = Math.abs(value);
    if (Number.isNaN(value)) bits[i] = sign | 0x7e00;
    else if (magnitude >= 65536) bits[i] = sign | 0x7c00;
    else if (magnitude < 2 ** -14) bits[i] = sign | Math.round(magnitude * 2 ** 24);
    else bits[i] = sign | (((word >>> 13) & 0x3ffff) - ((127 - 15) << 10));
  }
  return bits;
}

/** Element formats as the library spells them. */
const formats = {
  bool: '<B',
  int8: '<b',
  int16: '<h',
  int32: '<i',
  int64: '<q',
  uint8: '<B',
  uint16: '<H',
  uint32: '<I',
  uint64: '<Q',
  float32: '<f',
  float64: '<d',
};

/**
 * @param {any} FS
 * @param {string} file
 * @param {Hdf5Content} content
 * @returns {Uint8Array}
 */
function write(FS, file, content) {
  const root = new h5wasm.File(file, 'w');
  /** @type {Map<string, any>} */
  const opened = new Map([['/', root]]);

  /** @param {string} path @returns {any} */
  function groupAt(path) {
    const known = opened.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const group = groupAt(path.slice(0, cut) || '/').create_group(path.slice(cut + 1));
    opened.set(path, group);
    return group;
  }

  try {
    for (const { path, attributes } of content.groups) setAttributes(groupAt(path), attributes);
    for (const { path, dtype, shape, data, attributes } of content.datasets) {
      const cut = path.lastIndexOf('/');
      const format = formats[/** @type {keyof typeof formats} */ (dtype)];
      if (format === undefined) throw new Error(`${path}: ${dtype} cannot be written to HDF5`);
      const dataset = groupAt(path.slice(0, cut) || '/').create_dataset({
        name: path.slice(cut + 1),
        data,
        shape: [...shape],
        dtype: format,
      });
      setAttributes(dataset, attributes);
    }
  } finally {
    root.close();
  }
  return FS.readFile(file);
}

/**
 * @param {any} object
 * @param {Readonly<Record<string, Hdf5Attribute>>} attributes
 */
function setAttributes(object, attributes) {
  for (const [name, value] of Object.entries(attributes)) object.create_attribute(name, value);
}
