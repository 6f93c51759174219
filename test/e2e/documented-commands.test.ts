import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { describe, expect } from 'vitest';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';
import { nodeWorkflowId } from '../../domain/node-ref.ts';
import { temporaryDirectory } from '../devcluster/temporary-directory.ts';
import { commandsIn } from '../docs/shell-commands.ts';
import { V1, V2, V3 } from '../support/sei-nodes.ts';
import { runOf } from '../support/steering.ts';
import type { Testbed } from '../support/testbed.ts';
import { testbedTest } from '../support/testbed-test.ts';
import { repositoryFile } from './node-kubectl.ts';
import { CANNOT_PULL } from './stuck-updates.ts';

const run = promisify(execFile);

/** The longest, a roll, takes seconds; those that follow for ever are interrupted before. */
const DEADLINE_MS = 120_000;
/** Long enough to begin, on a busy machine of two cores. */
const FOLLOWED_SECONDS = 8;
const FOLLOWS = /--follow|get snode -w/;

const it = testbedTest('documented', ['worker', 'watcher']);

/** The day-to-day commands of a document, as they are written. Installing has tests of its own. */
function dayToDay(document: string): readonly string[] {
  const installs = /^(?:npm|export|docker)\b|apply -[fk]|rollout status/;
  const written = commandsIn(readFileSync(repositoryFile(document), 'utf8'))
    .filter(({ isMention }) => !isMention)
    .map(({ text }) => text);
  return [...new Set(written)].filter((text) => !installs.test(text));
}

/** Runs a line as a reader's shell would, with the names of the testbed in the place of examples. */
async function shellFor(bed: Testbed, node: string, image: string) {
  const { kubectl, temporal } = await ensureBinaries();
  const folders = [repositoryFile('bin'), path.dirname(kubectl), path.dirname(temporal)];
  const config = path.join(await temporaryDirectory(), 'kubeconfig');
  await run('cp', [bed.cluster.kubeconfigPath, config]);
  const env = {
    ...bed.env,
    HOME: path.dirname(config),
    KUBECONFIG: config,
    PATH: [...folders, process.env['PATH'] ?? ''].join(path.delimiter),
  };
  const { uid } = (await bed.nodes.get(node)).metadata;
  const shell = (line: string) =>
    run('sh', ['-c', line], { env, cwd: path.dirname(config), timeout: DEADLINE_MS });
  await shell(`kubectl config set-context --current --namespace ${bed.namespace}`);
  return (written: string) => {
    const line = written
      .replaceAll('seinode/CLUSTER/NAMESPACE/NAME', nodeWorkflowId(bed.namespace, bed.key(node)))
      .replaceAll('--task-queue seinode', `--task-queue ${bed.namespace}`)
      .replaceAll(/\bNAMESPACE\b/g, bed.namespace)
      .replaceAll(/\bNAME\b/g, node)
      .replaceAll(/\bUID\b/g, uid)
      .replaceAll(/\bIMAGE\b/g, image);
    if (!FOLLOWS.test(line)) return shell(line);
    // `timeout` ends with 124 where it had to interrupt.
    return shell(`timeout ${FOLLOWED_SECONDS} ${line}\n[ $? = 124 ]`);
  };
}

describe('the commands of', () => {
  it.for(['README.md', 'docs/operations.md'])(
    '%s work in their order',
    async (document, { bed }) => {
      const node = path.basename(document, '.md').toLowerCase();
      for (const name of new Set([node, 'canary', 'next'])) {
        if (bed.nodes.versions(name).length === 0) await bed.nodes.createRunning(name, V1);
      }
      const shell = await shellFor(bed, node, V2);
      const lines = dayToDay(document);
      expect(lines.length).toBeGreaterThan(5);
      // One that ends in another way than well says so, with all that it has printed.
      for (const line of lines) await shell(line);
    },
  );

  it('docs/stuck-roll.md roll a stuck node back, and hold one at rest', async ({ bed }) => {
    await bed.nodes.createRunning('stuck', V1);
    await bed.nodes.setImage('stuck', CANNOT_PULL);
    const [rollBack = '', hold = '', ...others] = dayToDay('docs/stuck-roll.md');
    expect(others).toEqual([]);
    const shell = await shellFor(bed, 'stuck', V3);
    await bed.nodes.until('stuck', 'its roll is stuck', ({ status }) =>
      (status?.conditions ?? []).some(({ reason }) => reason === 'ImagePullBackOff'),
    );
    const { stdout } = await shell(rollBack);
    expect(stdout).toContain('is rolled back');
    await runOf(bed, 'stuck').result();
    await shell(hold);
    await bed.nodes.until('stuck', 'it is held', ({ status }) => status?.hold?.actor === 'kim');
  });
});
