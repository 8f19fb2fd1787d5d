// @ts-check
/** What the figures were measured on. No names of hosts, users or folders. Called before anything is measured: `load` says how quiet it was. */

import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? process.arch,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    v8: process.versions.v8,
    load: loadavg()[0],
  };
}
