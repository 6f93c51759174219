import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { nodeWorkflowId } from '../../domain/run/workflow-id.ts';
import type { CliEnd } from '../cli/cli-process.ts';
import { runCliProcess } from '../cli/cli-process.ts';
import { temporaryDirectory } from '../devcluster/temporary-directory.ts';
import { eventually } from '../support/eventually.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { steer } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** Nothing listens there: a port that only root may open. */
const NOWHERE = '127.0.0.1:1';

/** Each attempt is a process, which takes seconds to start on a busy machine. */
const SETTLED_MS = 120_000;

/** Has no watcher: only the command starts a run. */
const it = testbedTest('start-update', ['worker']);

/** Runs the command in the testbed's environment. */
function startUpdate(
  bed: Testbed,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliEnd> {
  return runCliProcess(['start-update', ...args], { ...bed.env, ...env });
}

function start(bed: Testbed, name: string): Promise<CliEnd> {
  return startUpdate(bed, [`${bed.namespace}/${name}`]);
}

describe('seinode start-update', () => {
  it('starts what is due of a node, as the watcher would', async ({ bed }) => {
    await bed.nodes.create('n0', { image: V1 });
    const id = nodeWorkflowId(bed.namespace, bed.key('n0'));
    expect(await start(bed, 'n0')).toEqual({
      code: 0,
      stdout: `${bed.namespace}/n0: nodeInit is under way as workflow ${id}\n`,
      stderr: '',
    });
    await bed.nodes.untilSettledOn('n0', V1);
    await bed.runs.closed(bed.key('n0'));

    await bed.nodes.setImage('n0', V2);
    const { stdout } = await start(bed, 'n0');
    expect(stdout).toBe(`${bed.namespace}/n0: nodeUpdate is under way as workflow ${id}\n`);
    await bed.nodes.untilSettledOn('n0', V2);
    const runs = await bed.runs.closed(bed.key('n0'));
    expect(runs.map(({ type }) => type)).toContain('nodeUpdate');
  });

  it('says that nothing is to be done, and why', async ({ bed }) => {
    await bed.nodes.create('at-rest', { image: V1 });
    let last = await start(bed, 'at-rest');
    // Anything that shows only after the bring-up is work of its own.
    await eventually(
      'nothing is due of the node',
      async () => {
        last = await start(bed, 'at-rest');
        return last.stdout.includes('nothing to do');
      },
      SETTLED_MS,
    );
    expect(last).toEqual({
      code: 0,
      stdout: `${bed.namespace}/at-rest: nothing to do: the node is as its spec wants it\n`,
      stderr: '',
    });
  });

  it('says who holds a node that is held, and starts nothing', async ({ bed }) => {
    await bed.nodes.create('held', { image: V1 });
    await steer(bed, 'held', 'pause', { actor: 'kim', reason: 'maintenance' });
    await bed.nodes.until('held', 'it is held', ({ status }) => status?.hold !== undefined);
    expect(await start(bed, 'held')).toEqual({
      code: 0,
      stdout: `${bed.namespace}/held: nothing to do: held by kim: maintenance; send resume\n`,
      stderr: '',
    });
  });
});

describe('seinode start-update that cannot do it', () => {
  it('names a node that does not exist', async ({ bed }) => {
    const { code, stdout, stderr } = await start(bed, 'nobody');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^seinode: SeiNode \S+\/nobody does not exist; .*\n$/);
  });

  it.for([
    [[], "missing required argument 'name'"],
    [
      ['a/b/c'],
      "command-argument value 'a/b/c' is invalid for argument 'name'. must be NAMESPACE/NAME, such as default/pacific-rpc-0, or a name alone",
    ],
    [
      ['a/b', 'c/d'],
      "too many arguments for 'start-update'. Expected 1 argument but got 2: a/b, c/d",
    ],
  ] as const)('asks for one node, and not %j', async ([args, told], { bed }) => {
    expect(await startUpdate(bed, args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `seinode start-update: ${told}; see seinode start-update --help\n`,
    });
  });

  it('says where it looked for a Temporal that does not answer', async ({ bed }) => {
    await bed.nodes.create('due', { image: V1 });
    const { code, stdout, stderr } = await startUpdate(bed, [`${bed.namespace}/due`], {
      TEMPORAL_ADDRESS: NOWHERE,
      SEINODE_CONNECT_TIMEOUT_SECONDS: '3',
    });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /^seinode: cannot reach Temporal at 127\.0\.0\.1:1 within 3 s: .*; check TEMPORAL_ADDRESS and that the server is up\n$/,
    );
  });

  it('names a Temporal namespace that does not exist', async ({ bed }) => {
    await bed.nodes.create('lost', { image: V1 });
    const { code, stderr } = await startUpdate(bed, [`${bed.namespace}/lost`], {
      TEMPORAL_NAMESPACE: 'nowhere',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^seinode: Temporal at \S+ has no namespace nowhere; check --temporal-namespace \(TEMPORAL_NAMESPACE\), or create it: seinode set-up --temporal-namespace nowhere\n$/,
    );
  });

  it('says where it looked for a Kubernetes that does not answer', async ({ bed }) => {
    const { code, stderr } = await startUpdate(bed, [`${bed.namespace}/n0`], {
      KUBECONFIG: await kubeconfig(bed, (text) =>
        text.replace(/"server":"[^"]*"/, `"server":"https://${NOWHERE}"`),
      ),
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^seinode: cannot reach Kubernetes at https:\/\/127\.0\.0\.1:1: .*; check --context and KUBECONFIG, and that the API server is up\n$/,
    );
  });

  it('names the right that it lacks, at once', async ({ bed }) => {
    const { code, stderr } = await startUpdate(bed, [`${bed.namespace}/n0`], {
      KUBECONFIG: await kubeconfig(bed, (text) =>
        text.replace('"user":{', '"user":{"as":"nobody",'),
      ),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^seinode: .*User "nobody" cannot get resource "seinodes".*; have that right granted to you, or use another --context\n$/,
    );
  });
});

/** Writes the testbed's kubeconfig, changed. @returns its path */
async function kubeconfig(bed: Testbed, change: (json: string) => string): Promise<string> {
  const view = ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'];
  const config: unknown = JSON.parse(await bed.kubectl(view));
  const file = path.join(await temporaryDirectory(), 'kubeconfig');
  await writeFile(file, change(JSON.stringify(config)));
  return file;
}
