// @ts-check
/**
 * HDF5 jobs in a worker of their own: the library may abort, loop or ask for gigabytes on a damaged file, and here all of
 * that ends with this worker. Plain JavaScript, so that the same file starts from source and from dist.
 *
 * @typedef {import('./content.js').Hdf5Job} Hdf5Job
 * @typedef {import('./content.js').Hdf5WorkerMessage} Hdf5WorkerMessage
 */

import { answer } from './hdf5-job.js';

/** @type {any} */
const scope = globalThis;
const parentPort = scope.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
const port = parentPort ?? scope;

/** @type {(message: Hdf5WorkerMessage) => void} */
const post = (message) => port.postMessage(message);
/** @type {(job: Hdf5Job) => Promise<void>} */
const work = async (job) => post(await answer(job));

if (parentPort) parentPort.on('message', work);
else scope.addEventListener('message', (/** @type {{ data: Hdf5Job }} */ { data }) => work(data));
post({ kind: 'started' });
