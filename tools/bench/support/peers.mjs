// @ts-check
/** Finds Pythons that have Keras, which nothing here installs, and says which versions of all peers there are. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../workspace.mjs';

/** @typedef {{ python: string, backend: string, version: string }} Peer */

const local = ['bin/python', 'Scripts/python.exe'].map((path) => join(root, '.venv', path));

/** Fails where Keras or the backend is missing. A module may come from a package of another name: tensorflow-cpu. */
const versionsScript = `
import importlib.metadata as metadata, sys
packages = metadata.packages_distributions()
print(', '.join(f'{name} {metadata.version(packages[name][0])}' for name in ('keras', sys.argv[1])))
`;

/**
 * Keras on JAX and Keras on TensorFlow, each where a Python has it: the one that a variable names, or the one in `.venv`.
 * @returns {{ jax: Peer | undefined, tensorflow: Peer | undefined }}
 */
export function findPeers() {
  const { CERATOPS_PYTHON, CERATOPS_PYTHON_TF } = process.env;
  return {
    jax: find('jax', [CERATOPS_PYTHON, CERATOPS_PYTHON_TF]),
    tensorflow: find('tensorflow', [CERATOPS_PYTHON_TF, CERATOPS_PYTHON]),
  };
}

/**
 * @param {string} backend
 * @param {readonly (string | undefined)[]} named
 * @returns {Peer | undefined}
 */
function find(backend, named) {
  for (const python of [...named, ...local.filter(existsSync)]) {
    if (!python) continue;
    const { status, stdout } = spawnSync(python, ['-c', versionsScript, backend], { encoding: 'utf8' });
    if (status === 0) return { python, backend, version: stdout.trim() };
  }
  return undefined;
}

/** By contestant, the packages of its own. */
const packages = {
  'onnxruntime-web': 'onnxruntime-web',
  tfjs: '@tensorflow/tfjs-backend-wasm',
  'jax-js': '@jax-js/jax',
  'onnxruntime-node': 'onnxruntime-node',
};

/**
 * @param {ReturnType<typeof findPeers>} peers
 * @returns {Record<string, string>}
 */
export function versions({ jax, tensorflow }) {
  /** @param {string} name */
  const versionOf = (name) =>
    JSON.parse(readFileSync(join(root, 'tools', 'bench', 'node_modules', name, 'package.json'), 'utf8')).version;
  return {
    ...Object.fromEntries(Object.entries(packages).map(([who, name]) => [who, versionOf(name)])),
    ...(jax && { 'keras-jax': jax.version }),
    ...(tensorflow && { 'keras-tensorflow': tensorflow.version }),
  };
}
