import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect } from 'vitest';
import { parse, stringify } from 'yaml';

import { runCliProcess } from '../cli/cli-process.ts';
import { temporaryDirectory } from '../devcluster/temporary-directory.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { cli, userEnvironment } from './cli-in-namespace.ts';

// A sample, by real servers, of what test/cli/bad-input.test.ts asks of every command.
const it = testbedTest('cli-bad-input', []).extend('node', { scope: 'file' }, async ({ bed }) => {
  await bed.nodes.create('n0', { image: V1 });
  return 'n0';
});

/** Matches one sentence, and nothing that a pipe would take for a result. */
function sentence(code: number, said: RegExp) {
  const err = expect.stringMatching(new RegExp(`^seinode.*${said.source}.*\\n$`)) as string;
  return { code, stdout: '', stderr: err };
}

describe('a command of somebody', () => {
  it('who may only read names the right that is missing, and changes nothing', async ({
    bed,
    node,
  }) => {
    await bed.kubectl(['create', 'role', 'reader', '--verb=get,list', '--resource=seinodes']);
    await bed.kubectl(['create', 'rolebinding', 'reader', '--role=reader', '--user=reader']);
    const where = ['--kubeconfig', await kubeconfigOf(bed, { as: 'reader' }), '-n', bed.namespace];
    const words = ['set-image', node, V2, '-o', 'json', ...where];
    expect(await runCliProcess(words, userEnvironment(bed))).toEqual(
      sentence(1, /User "reader" cannot patch resource "seinodes".*; have that right granted/),
    );
    expect((await bed.nodes.get(node)).spec.image).toBe(V1);
  });

  it('whose credentials have expired says to log in again', async ({ bed, node }) => {
    const credentials = { token: 'expired', 'client-certificate': '', 'client-key': '' };
    const where = ['--kubeconfig', await kubeconfigOf(bed, credentials), '-n', bed.namespace];
    expect(await runCliProcess(['status', node, ...where], userEnvironment(bed))).toEqual(
      sentence(1, /does not accept these credentials; log in again/),
    );
  });
});

describe('a command that needs Temporal', () => {
  it('names a namespace that there is not, and how to create it', async ({ bed, node }) => {
    const words = ['pause', node, '--temporal-namespace', 'nowhere', '-o', 'json'];
    expect(await cli(bed, ...words)).toEqual(
      sentence(
        1,
        /has no namespace nowhere; check --temporal-namespace \(TEMPORAL_NAMESPACE\), or create it/,
      ),
    );
    expect((await bed.nodes.get(node)).status?.hold).toBeUndefined();
  });
});

/** Writes a kubeconfig like the devcluster's, with other credentials beside or in place of its own. */
async function kubeconfigOf({ cluster }: Testbed, credentials: object): Promise<string> {
  const config = parse(await readFile(cluster.kubeconfigPath, 'utf8')) as {
    users: { user: object }[];
  };
  const users = config.users.map((each) => ({ ...each, user: { ...each.user, ...credentials } }));
  const file = path.join(await temporaryDirectory(), 'kubeconfig');
  await writeFile(file, stringify({ ...config, users }));
  return file;
}
