import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';
import type { DocumentedScript } from '../docs/shell-commands.ts';
import { repositoryFile } from './node-kubectl.ts';

/** The text that a reader writes in the place of an example. */
export type Placeholders = readonly (readonly [written: string | RegExp, meant: string])[];

/** A reader of the documents, in a clone of the repository. */
export interface DocumentedShell {
  /** The path of the clone. The reader may edit `deploy/`; the rest is the repository's. */
  readonly clone: string;
  /**
   * Runs the commands that a document shows together as one script, which ends with the first that fails. Its exports
   * are there for later scripts, as in a terminal; a background job goes on until the shell is closed.
   *
   * @returns all that was printed, each command in front of what it printed
   * @throws {Error} with that, when a command fails
   */
  run(script: Pick<DocumentedScript, 'lines'>): Promise<string>;
  /** Ends what still runs in the background, and removes the clone. */
  close(): Promise<void>;
}

/** A dozen commands take seconds; this is for a machine that has much else to do. */
const DEADLINE_SECONDS = 400;
/** Long enough to begin, on a busy machine of two cores. */
const FOLLOWED_SECONDS = 8;
/** Commands that go on until a person interrupts them. */
const FOLLOWS = /--follow\b|get snode -w\b/;
/** A line that may end with a remark. */
const BACKGROUND = /&\s*(?:#.*)?$/;

/**
 * @param kubeconfig the reader's, which is copied: they may change its context
 * @param env the whole environment, but for what every shell has
 * @param placeholders are filled in one after the other
 */
export async function openDocumentedShell(
  kubeconfig: string,
  env: Readonly<Record<string, string>>,
  placeholders: Placeholders = [],
): Promise<DocumentedShell> {
  const { kubectl, temporal } = await ensureBinaries();
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-documented-'));
  const clone = path.join(directory, 'clone');
  await cloneInto(clone);
  const config = path.join(directory, 'kubeconfig');
  await cp(kubeconfig, config);
  const exported = path.join(directory, 'exported');
  const programs = [repositoryFile('bin'), path.dirname(kubectl), path.dirname(temporal)];
  const environment = {
    ...env,
    HOME: directory,
    KUBECONFIG: config,
    PATH: [...programs, process.env['PATH'] ?? ''].join(path.delimiter),
  };
  const groups: number[] = [];
  let scripts = 0;
  return {
    clone,
    run: async ({ lines }) => {
      scripts += 1;
      const output = path.join(directory, `output-${scripts}`);
      const text = [
        `[ ! -f ${exported} ] || . ${exported}`,
        'set -eux',
        ...lines.map((line) => runnable(line, placeholders)),
        // Keeps the trace of this line out of the output.
        `{ export -p > ${exported}; } 2>&-`,
      ].join('\n');
      const file = openSync(output, 'w');
      // A process group of its own, so that background jobs end with it.
      const child = spawn('timeout', [`${DEADLINE_SECONDS}`, 'sh', '-c', text], {
        cwd: clone,
        env: environment,
        detached: true,
        stdio: ['ignore', file, file],
      });
      closeSync(file);
      if (child.pid !== undefined && lines.some((line) => BACKGROUND.test(line))) {
        groups.push(child.pid);
      }
      const [code] = (await once(child, 'exit')) as [number | null];
      const printed = readFileSync(output, 'utf8');
      if (code !== 0) throw new Error(`exit code ${code}:\n${printed}`);
      return printed;
    },
    close: async () => {
      for (const group of groups) endGroup(group);
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function cloneInto(directory: string): Promise<void> {
  const deploy = repositoryFile('deploy');
  await cp(deploy, path.join(directory, 'deploy'), { recursive: true });
  const others = readdirSync(repositoryFile('.')).filter((name) => name !== 'deploy');
  await Promise.all(
    others.map((name) => symlink(repositoryFile(name), path.join(directory, name))),
  );
}

function runnable(written: string, placeholders: Placeholders): string {
  const line = placeholders.reduce((text, [from, to]) => text.replaceAll(from, () => to), written);
  // `timeout` ends with 124 where it had to interrupt. The line may end with a remark.
  return FOLLOWS.test(line) ? `{ timeout ${FOLLOWED_SECONDS} ${line}\n} || [ $? = 124 ]` : line;
}

function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // All its processes have ended.
  }
}
