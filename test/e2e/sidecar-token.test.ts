import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { sidecarAudience } from '../../domain/sidecar/sidecar-audience.ts';
import { AUDIENCES_FLAG } from '../../domain/sidecar/sidecar-audience.ts';
import { connect } from '../../kubernetes/api/client.ts';
import { classifyApiError } from '../../kubernetes/api/errors.ts';
import { rightsIn } from '../deploy/manifest.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { readAdmin } from '../support/servers/api-proxy.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { SYSTEM } from '../support/testbed/shipped-rights.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { writeTokenKubeconfig } from '../support/testbed/token-kubeconfig.ts';

/** The node whose pod is of a template from before tokens had audiences. */
const OLD = 'old';
const YOUNG = 'young';

/** Rights that Kubernetes gives everybody whom it knows: to ask who they are, and what they may do. */
const EVERYBODY = [
  'create authentication.k8s.io/selfsubjectreviews',
  'create authorization.k8s.io/selfsubjectaccessreviews',
  'create authorization.k8s.io/selfsubjectrulesreviews',
];

const it = testbedTest('token', ['watcher'])
  .extend('directory', { scope: 'file' }, async ({ bed: _bed }, { onCleanup }) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seinode-token-'));
    onCleanup(() => rm(directory, { recursive: true }));
    return directory;
  })
  .extend('tokens', { scope: 'file' }, async ({ bed }) => {
    await leaveBehind(bed, OLD);
    await bed.start('worker');
    await bed.nodes.create(YOUNG, { image: V1 });
    const settled = [OLD, YOUNG].map((node) => bed.nodes.untilSettledOn(node, V1));
    await Promise.all(settled);
    return { old: await tokensSent(bed, OLD), young: await tokensSent(bed, YOUNG) };
  });

describe('the token that reaches the sidecar of a node', () => {
  it('is for that node alone, and not for the API server', async ({ bed, directory, tokens }) => {
    expect(bed.pods.uids(YOUNG)).toHaveLength(1);
    for (const token of tokens.young) {
      const own = sidecarAudience(bed.key(YOUNG));
      expect(await review(bed, token, [own])).toEqual({
        authenticated: true,
        user: `system:serviceaccount:${SYSTEM}:seinode-sidecar-client`,
      });
      expect((await review(bed, token, [sidecarAudience(bed.key(OLD))])).authenticated).toBe(false);
      expect((await review(bed, token)).authenticated).toBe(false);
      await expect(rulesOf(bed, directory, token)).rejects.toThrow('Unauthorized');
    }
  });

  it('opens nothing but sidecars, where the pod is of a template from before', async ({
    bed,
    directory,
    tokens,
  }) => {
    expect(bed.pods.uids(OLD)).toHaveLength(1);
    for (const token of tokens.old) {
      expect((await review(bed, token)).authenticated).toBe(true);
      const rights = rightsIn(await rulesOf(bed, directory, token));
      expect(new Set(rights)).toEqual(
        new Set([...EVERYBODY, 'create sei.io/seinodetasks', 'get sei.io/seinodetasks']),
      );
    }
  });
});

/** Creates a Running node whose pod was made of a template that has no audience; its sidecar waits for mark-ready. */
async function leaveBehind(bed: Testbed, name: string): Promise<void> {
  const node = await bed.nodes.create(name, { image: V1 });
  const target = { image: V1, sidecarImage: bed.platform.images.sidecar, replicas: 1 } as const;
  const items = objectsOf(node, target, bed.platform).map(withoutAudience);
  const apply = ['apply', '--server-side', '--field-manager=seinode-controller', '-f', '-'];
  await bed.kubectl(apply, { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  await bed.pods.until(`${name}-0`, 'it exists', () => true);
  const uid = (await bed.apps.readNamespacedStatefulSet(bed.key(name))).metadata?.uid ?? '';
  const statefulSet = { name, uid };
  await bed.nodes.patchStatus(name, { phase: 'Running', currentImage: V1, statefulSet });
}

function withoutAudience(object: object): object {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    key === 'args' && Array.isArray(value)
      ? value.filter((arg) => !String(arg).startsWith(AUDIENCES_FLAG))
      : value,
  ) as object;
}

/** Lists each token that the sidecar received. */
async function tokensSent(bed: Testbed, node: string): Promise<readonly string[]> {
  const calls = (await bed.sidecars.journal(bed.key(node))).filter(
    ({ call }) => call.kind === 'submit-task' || call.kind === 'get-task',
  );
  expect(calls.length).toBeGreaterThan(0);
  const bearers = calls.map(({ authorization }) => /^Bearer (.+)$/.exec(authorization ?? '')?.[1]);
  expect(bearers).not.toContain(undefined);
  return [...new Set(bearers.filter((token) => token !== undefined))];
}

/** Reviews a token as kube-rbac-proxy does. */
async function review(bed: Testbed, token: string, audiences?: readonly string[]) {
  const question = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token, ...(audiences && { audiences }) },
  };
  const input = JSON.stringify(question);
  const answer = await bed.cluster.kubectl(['create', '-f', '-', '-o', 'json'], { input });
  const { status } = JSON.parse(answer) as {
    status: { authenticated?: boolean; user?: { username?: string } };
  };
  return { authenticated: status.authenticated ?? false, user: status.user?.username };
}

/** Returns what `kubectl auth can-i --list` shows to the holder of the token. */
async function rulesOf(bed: Testbed, directory: string, token: string) {
  const kubeconfigPath = path.join(directory, 'stolen');
  const admin = await readAdmin(bed.cluster.kubeconfigPath);
  await writeTokenKubeconfig(kubeconfigPath, admin, { token });
  const thief = connect({ kubeconfigPath, userAgent: 'seinode-test' });
  try {
    const answer = (await thief.send({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: bed.namespace },
      },
    })) as { status: { resourceRules: { verbs: string[]; resources: string[] }[] } };
    return answer.status.resourceRules;
  } catch (err) {
    throw new Error(classifyApiError(err).message, { cause: err });
  } finally {
    await thief.close();
  }
}
