/** Hands the work to the test that drives this page. */

import { loseWorker } from './lost-worker.js';
import { eagerMemory, train, trainingMemory } from './work.js';

Object.assign(globalThis, { trainInPage: train, eagerMemory, trainingMemory, loseWorker, ready: true });
