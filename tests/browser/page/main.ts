/** Hands the work to the test that drives this page. */

import { eagerMemory, train, trainingMemory } from './work.js';

Object.assign(globalThis, { trainInPage: train, eagerMemory, trainingMemory, ready: true });
