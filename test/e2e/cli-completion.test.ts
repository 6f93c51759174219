import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { describe, expect } from 'vitest';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';
import { hasPseudoTerminal } from '../cli/pseudo-terminal.ts';
import { startTyping } from '../cli/shell-typist.ts';
import { eventually } from '../support/eventually.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { repositoryFile } from './node-kubectl.ts';

const run = promisify(execFile);

const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';

/** The program bounds its request for names, which a busy machine may miss: the test presses the key again. */
const COMPLETED_MS = 120_000;

/** Each line is completed by a process of its own. */
const SLOW = { timeout: 400_000 };

const it = testbedTest('cli-completion', [])
  .extend('completed', { scope: 'file' }, async ({ bed }) => {
    await bed.nodes.create('pacific-rpc-0', {});
    return bed;
  })
  .extend('env', { scope: 'file' }, async ({ bed }, { onCleanup }) => {
    const home = await mkdtemp(path.join(tmpdir(), 'seinode-completion-'));
    onCleanup(() => rm(home, { recursive: true }));
    return environmentOf(bed, home);
  });

/** Returns the environment of a user whose context names the namespace, with `seinode` and kubectl on PATH. */
async function environmentOf(
  bed: Testbed,
  home: string,
): Promise<Readonly<Record<string, string>>> {
  const config = path.join(home, 'kubeconfig');
  await run('cp', [bed.cluster.kubeconfigPath, config]);
  const { kubectl } = await ensureBinaries();
  const folders = [repositoryFile('bin'), path.dirname(kubectl), process.env['PATH'] ?? ''];
  const env = { ...bed.env, HOME: home, KUBECONFIG: config, PATH: folders.join(path.delimiter) };
  const namespace = ['--current', '--namespace', bed.namespace];
  await run(kubectl, ['config', 'set-context', ...namespace], { env });
  return env;
}

const SHELLS = [
  {
    shell: 'bash',
    lacks: existsSync(BASH_COMPLETION) ? [] : ['bash-completion'],
    start: 'exec bash --norc --noprofile -i',
    setUp: [
      `source ${BASH_COMPLETION}`,
      'source <(seinode completion bash)',
      'source <(kubectl completion bash)',
    ],
  },
  {
    shell: 'zsh',
    lacks: has('zsh') ? [] : ['zsh'],
    start: 'exec zsh -f -i',
    setUp: [
      'autoload -U compinit; compinit -u -D',
      'source <(seinode completion zsh)',
      'source <(kubectl completion zsh)',
    ],
  },
].map(({ lacks, ...each }) => {
  const missing = [...lacks, ...(hasPseudoTerminal() ? [] : ['script of util-linux'])];
  const skipped = missing.length === 0 ? '' : ` (skipped: there is no ${missing.join(', no ')})`;
  return { ...each, skipped };
});

const LINES = [
  ['seinode stat', 'seinode status'],
  ['seinode status pac', 'seinode status pacific-rpc-0'],
  ['seinode list --kubec', 'seinode list --kubeconfig'],
  ['seinode list -o wi', 'seinode list -o wide'],
  ['kubectl seinode hist', 'kubectl seinode history'],
  ['kubectl seinode status pac', 'kubectl seinode status pacific-rpc-0'],
] as const;

for (const { shell, start, setUp, skipped } of SHELLS) {
  describe.skipIf(skipped !== '')(`${shell}${skipped}`, SLOW, () => {
    it('completes commands, options and the names of nodes', async ({
      completed: _bed,
      env,
      onTestFinished,
    }) => {
      const typist = await startTyping(start, setUp, env);
      onTestFinished(() => typist.close());
      for (const [begun, whole] of LINES) {
        let line = '';
        await eventually(
          `"${begun}" becomes "${whole}"`,
          async () => {
            line = await typist.complete(begun);
            return line === whole;
          },
          COMPLETED_MS,
        ).catch((err: unknown) => {
          throw new Error(`it becomes "${line}"`, { cause: err });
        });
      }
    });
  });
}

const noFish = has('fish') ? '' : ' (skipped: there is no fish)';

describe.skipIf(noFish !== '')(`fish${noFish}`, SLOW, () => {
  it('completes commands, options and the names of nodes', async ({ completed: _bed, env }) => {
    const scripts = path.join(env['HOME'] ?? '', 'completions.fish');
    await run('sh', ['-c', `{ seinode completion fish; kubectl completion fish; } > ${scripts}`], {
      env,
    });
    const complete = async (begun: string): Promise<readonly string[]> => {
      const asked = `source ${scripts}; complete -C '${begun}'`;
      const { stdout } = await run('fish', ['--no-config', '-c', asked], { env });
      return stdout.split('\n').map((each) => each.split('\t')[0] ?? '');
    };
    for (const [begun, whole] of LINES) {
      const words: string[] = [];
      await eventually(
        `"${begun}" becomes "${whole}"`,
        async () => {
          words.splice(0, Infinity, ...(await complete(begun)));
          return words.includes(lastWord(whole));
        },
        COMPLETED_MS,
      );
      // A word that does not begin like the typed one does not complete it.
      const begins = lastWord(begun);
      expect(words.filter((word) => word !== '' && !word.startsWith(begins))).toEqual([]);
    }
  });
});

function lastWord(line: string): string {
  return line.slice(line.lastIndexOf(' ') + 1);
}

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}
