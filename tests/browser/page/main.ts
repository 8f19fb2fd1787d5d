/** Hands the work to the test that drives this page. */

import { failWorker } from './failing-worker.js';
import { eagerMemory, train, trainingMemory } from './work.js';

Object.assign(globalThis, { trainInPage: train, eagerMemory, trainingMemory, failWorker, ready: true });
