// @ts-check
/**
 * One row per bundler: build `entry` into `folder` as ES modules with code splitting, for the browser. They are minified, if
 * not told otherwise: the HDF5 library is 4 MB, which most bundlers minify for half a minute.
 */

import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {(entry: string, folder: string, minify?: boolean) => Promise<void>} Bundler */

const bin = fileURLToPath(new URL('node_modules/.bin/', import.meta.url));

/**
 * @param {string} entry
 * @param {string} folder
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(entry, folder) {
  return {
    entryPoints: [entry],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  };
}

/** @type {Record<string, Bundler>} */
export const bundlers = {
  async esbuild(entry, folder) {
    const { build } = await import('esbuild');
    await build(esbuildOptions(entry, folder));
  },

  async rollup(entry, folder, minify = true) {
    const { rollup } = await import('rollup');
    const { nodeResolve } = await import('@rollup/plugin-node-resolve');
    /** @type {any} */
    const { default: terser } = await import('@rollup/plugin-terser');
    const bundle = await rollup({ input: entry, plugins: [nodeResolve({ browser: true })], onwarn() {} });
    await bundle.write({
      dir: folder,
      format: 'es',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
      plugins: minify ? [terser({ module: true, ecma: 2020 })] : [],
    });
    await bundle.close();
  },

  async vite(entry, folder, minify = true) {
    const { build } = await import('vite');
    await build({
      configFile: false,
      logLevel: 'error',
      root: fileURLToPath(new URL('.', import.meta.url)),
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: 'es2022',
        minify: minify ? 'esbuild' : false,
        // The helper that preloads chunks needs a document; the bundles run in Node.
        modulePreload: false,
        rollupOptions: {
          input: entry,
          output: {
            entryFileNames: '[name].mjs',
            chunkFileNames: '[name]-[hash].mjs',
            assetFileNames: '[name]-[hash][extname]',
          },
        },
      },
      worker: { format: 'es' },
    });
  },

  async webpack(entry, folder, minify = true) {
    const { default: webpack } = await import('webpack');
    await new Promise((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          entry: { [basename(entry, '.mjs')]: entry },
          target: ['web', 'es2022'],
          experiments: { outputModule: true },
          optimization: { minimize: minify },
          output: {
            path: folder,
            module: true,
            filename: '[name].mjs',
            chunkFilename: '[id].mjs',
            chunkLoading: 'import',
            workerChunkLoading: 'import',
            publicPath: 'auto',
          },
        },
        (error, statistics) => {
          if (error) reject(error);
          else if (statistics?.hasErrors()) reject(new Error(statistics.toString({ errors: true, all: false })));
          else resolve(undefined);
        },
      );
    });
  },

  async bun(entry, folder) {
    const { status, stderr } = spawnSync(
      join(bin, 'bun'),
      ['build', entry, '--outdir', folder, '--splitting', '--minify', '--target=browser', '--entry-naming=[name].mjs'],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
  },
};
