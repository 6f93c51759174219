import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from '../../../devcluster/progress.ts';
import { writeProgram } from '../shell-program.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A machine with an empty cache, and nothing on PATH but what a test puts there. */
export interface Machine {
  /** Its environment, as for `ensureBinaries`. */
  readonly env: NodeJS.ProcessEnv;
  at(...parts: readonly string[]): string;
  /** Puts a Go there, which builds programs that say `built PACKAGE`. `lines` run before a build. */
  installGo(...lines: readonly string[]): Promise<void>;
  /** The packages that its Go has begun to build. */
  builds(): string[];
  /** Lists the contents of the cache, as paths below it. */
  cached(): Promise<string[]>;
}

/** The only host that a machine without a network knows; nothing listens there. */
export const NOBODY = '127.255.255.254:54321';

/** @param mirror where releases are downloaded from; none means that there is no network */
export async function emptyMachine(mirror = `http://${NOBODY}`): Promise<Machine> {
  const root = await temporaryDirectory();
  const at = (...parts: readonly string[]): string => join(root, ...parts);
  const builds = at('builds.log');
  return {
    at,
    env: {
      PATH: at('bin'),
      XDG_CACHE_HOME: at('cache'),
      SEINODE_DEVCLUSTER_RELEASES_URL: mirror,
    },
    installGo: (...lines) =>
      writeProgram(
        at('bin', 'go'),
        '[ "$1" = version ] && exit 0',
        'for word; do [ "$before" = -o ] && program=$word; before=$word; done',
        `echo "$word" >> ${builds}`,
        ...lines,
        'printf \'#!/bin/sh\\necho built %s\\n\' "$word" > "$program"',
      ),
    builds: () => (existsSync(builds) ? readFileSync(builds, 'utf8').trim().split('\n') : []),
    async cached() {
      const cache = at('cache', 'seinode-operator');
      if (!existsSync(cache)) return [];
      const entries = await readdir(cache, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(cache.length + 1))
        .toSorted();
    },
  };
}

/** Returns what a program of the cache prints when it is run. */
export function says(program: string): string {
  return execFileSync(program, { encoding: 'utf8' }).trim();
}

/** Makes a progress that keeps its lines. */
export function recordedProgress(): Progress & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    note: (line) => void lines.push(line),
    start: (what) => ({
      detail: () => undefined,
      end: (outcome = 'done') => void lines.push(`${what}: ${outcome}`),
    }),
  };
}
