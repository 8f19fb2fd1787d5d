// @ts-check
/**
 * How `nx release` reads and writes versions: in the package.json of each package. Nx leaves that to `@nx/js`, which there is not for
 * Nx 24 yet.
 */

import { execFileSync } from 'node:child_process';
import { VersionActions } from 'nx/release';

const collections = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** @typedef {{ name: string, version: string } & Record<string, any>} Manifest */

/** @param {import('nx/devkit').Tree} tree @param {string} path @returns {Manifest} */
const read = (tree, path) => JSON.parse(tree.read(path, 'utf8') ?? '{}');

/** The package that a project of the graph is. @param {any} tree @param {any} graph @param {string} project */
const nameOf = (tree, graph, project) => read(tree, `${graph.nodes[project].data.root}/package.json`).name;

export default class PackageVersions extends VersionActions {
  validManifestFilenames = ['package.json'];

  get manifestPath() {
    return `${this.projectGraphNode.data.root}/package.json`;
  }

  /** @param {any} tree */
  async readCurrentVersionFromSourceManifest(tree) {
    return { currentVersion: read(tree, this.manifestPath).version, manifestPath: this.manifestPath };
  }

  /** @param {any} tree */
  async readCurrentVersionFromRegistry(tree) {
    const { name } = read(tree, this.manifestPath);
    const currentVersion = execFileSync('npm', ['view', name, 'version'], { encoding: 'utf8' }).trim();
    return { currentVersion, logText: 'npm' };
  }

  /** @param {any} tree @param {any} graph @param {string} dependency */
  async readCurrentVersionOfDependency(tree, graph, dependency) {
    const manifest = read(tree, this.manifestPath);
    const name = nameOf(tree, graph, dependency);
    const dependencyCollection = collections.find((collection) => manifest[collection]?.[name] !== undefined) ?? null;
    const currentVersion = dependencyCollection === null ? null : manifest[dependencyCollection][name];
    return { currentVersion, dependencyCollection };
  }

  /** @param {any} tree @param {string} version */
  async updateProjectVersion(tree, version) {
    return this.#update(tree, (manifest) => {
      manifest.version = version;
      return `version ${version}`;
    });
  }

  /** @param {any} tree @param {any} graph @param {Record<string, string>} versions */
  async updateProjectDependencies(tree, graph, versions) {
    return this.#update(tree, (manifest) => {
      const changed = Object.entries(versions).map(([dependency, version]) => {
        const name = nameOf(tree, graph, dependency);
        for (const collection of collections) {
          if (manifest[collection]?.[name] !== undefined) manifest[collection][name] = version;
        }
        return `${name} ${version}`;
      });
      return changed.length === 0 ? undefined : changed.join(', ');
    });
  }

  /** @param {any} tree @param {(manifest: Manifest) => string | undefined} change */
  #update(tree, change) {
    return this.manifestsToUpdate.flatMap(({ manifestPath }) => {
      const manifest = read(tree, manifestPath);
      const done = change(manifest);
      if (done === undefined) return [];
      tree.write(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
      return [`${manifestPath}: ${done}`];
    });
  }
}
