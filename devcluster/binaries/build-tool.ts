import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { onProcessEnd } from '../on-process-end.ts';
import { kill, processesWithEnvironment } from '../process-table.ts';
import { draftsDirectory } from './binary-cache.ts';
import type { Tool } from './tool.ts';

/**
 * Marks a build and all its compilers in their environment with the folder of drafts, which finds those of a process
 * that was killed.
 */
const MARKER = 'SEINODE_DEVCLUSTER_DRAFTS';

const MODULES = join(import.meta.dirname, '..', 'tools');

/**
 * Builds a tool with Go from the versions that its go.mod and go.sum pin.
 *
 * @param draft an empty folder for unfinished files
 * @returns path of the executable, in the draft folder
 * @throws with the last lines of Go's output
 */
export async function buildTool(
  tool: Tool,
  draft: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const program = join(draft, 'program');
  const args = ['build', '-trimpath', '-ldflags', tool.build.ldflags];
  const build = spawn('go', [...args, '-o', program, tool.build.package], {
    cwd: join(MODULES, tool.build.module),
    env: {
      ...env,
      // Only the pinned versions: no workspace of the user's, no change to go.mod.
      CGO_ENABLED: '0',
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      [MARKER]: draftsDirectory(env),
    },
    // A group of its own, so that the compilers can be ended with it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const forget = onProcessEnd(() => killGroup(build.pid));
  try {
    await succeeds(build, tool);
  } finally {
    forget();
  }
  return program;
}

/**
 * Ends the builds of a process that was killed: beside them, the next build would need twice the memory. The caller
 * holds the lock of the cache.
 */
export function endOrphanedBuilds(env: NodeJS.ProcessEnv): void {
  for (const each of processesWithEnvironment(MARKER, draftsDirectory(env))) kill(each, 'SIGKILL');
}

async function succeeds(build: ReturnType<typeof spawn>, tool: Tool): Promise<void> {
  let said = '';
  build.stderr?.setEncoding('utf8').on('data', (text: string) => {
    // Go names every module that it downloads; only the end says what went wrong.
    said = (said + text).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    build.on('error', reject).on('close', resolve);
  });
  if (code === 0) return;
  throw new Error(`go build ${tool.build.package} failed: ${lastLines(said, 5)}`);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The process has just ended on its own.
  }
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
