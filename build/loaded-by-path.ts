import { readFile } from 'node:fs/promises';

import type { Plugin } from 'esbuild';

/** A module of ours that other code loads by its path, named from its own place. */
const NAMED_BY_PATH = /new URL\('([\w-]+)\.ts', import\.meta\.url\)/g;

/**
 * Rewrites the names of modules that are loaded by their path: they are entry points, and so lie as JavaScript beside
 * the code that names them.
 */
export const loadedByPath: Plugin = {
  name: 'loaded-by-path',
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        NAMED_BY_PATH,
        "new URL('$1.js', import.meta.url)",
      ),
      loader: 'ts',
    }));
  },
};
