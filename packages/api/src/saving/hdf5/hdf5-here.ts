/**
 * The HDF5 library for the calling thread, a chunk of its own. It names `Sequential` too: it then reaches every file that a
 * program with models consists of, and esbuild leaves those undivided; see docs/decisions/barrels-and-chunks.md.
 */

export { Sequential } from '../../engine/sequential.js';
export { answer } from './hdf5-job.js';
