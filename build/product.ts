import path from 'node:path';

import type { Metafile } from 'esbuild';
import { build } from 'esbuild';

import { loadedByPath } from './loaded-by-path.ts';

const root = path.dirname(import.meta.dirname);

/** The shipped files, by their names in `dist/`. */
const ENTRY_POINTS = {
  seinode: 'build/image-command.ts',
  worker: 'worker/main.ts',
  watcher: 'starter/main.ts',
  cli: 'cli/main.ts',
  // The Temporal SDK loads it by its path.
  'failure-converter': 'temporal/failure-converter.ts',
} as const;

/**
 * Bundles our own TypeScript as JavaScript, since Node strips no types under node_modules. Packages stay outside: one
 * of them is native, and the SDK starts threads from files of its own.
 *
 * @param write false: writes no files
 * @returns the inputs of each file
 */
export async function buildProduct(
  directory: string,
  { write = true }: { readonly write?: boolean } = {},
): Promise<Metafile> {
  const { metafile } = await build({
    write,
    absWorkingDir: root,
    entryPoints: ENTRY_POINTS,
    outdir: directory,
    bundle: true,
    plugins: [loadedByPath],
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Code that is imported only on demand stays in a file of its own.
    splitting: true,
    chunkNames: 'chunk-[hash]',
    metafile: true,
    logLevel: 'warning',
    // Not minified: the people who run it read its stack traces.
    legalComments: 'none',
  });
  return metafile;
}
