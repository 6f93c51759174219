import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import type { Condition } from '../../domain/condition.ts';
import type { SeiNode, SeiNodeStatus } from '../../domain/sei-node.ts';
import { targetFor } from '../../domain/target.ts';
import { readPlatformSettings } from '../../manifests/platform-settings.ts';
import { SAMPLES } from '../manifests/fixtures.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { sharedDevcluster } from '../support/devcluster.ts';
import { refusals, refusedChanges } from './crd-refusals.ts';
import { originalManifests, originalStatus } from './original-manifests.ts';

const cluster = sharedDevcluster();
const namespace = `crd-${process.pid}`;

beforeAll(async () => {
  await cluster.kubectl(['apply', '-f', repositoryFile('deploy/crd/sei.io_seinodes.yaml')]);
  await cluster.kubectl(['wait', '--for=condition=Established', 'crd/seinodes.sei.io']);
  await cluster.kubectl(['create', 'namespace', namespace]);
});

afterAll(async () => {
  await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

describe('the CRD', () => {
  it.each(['seinode', 'seinodes', 'snode'])('answers to the name %s', async (name) => {
    await expect(kubectl('get', name)).resolves.toBe('');
  });

  it.each([
    ['snode.spec.image', 'Changing it rolls the node'],
    ['snode.spec.dataVolume.import', 'never changed and never deleted'],
    ['snode.spec.validator.operatorKeyring', '{} means none'],
    ['snode.status.currentImage', 'Never a copy of the spec'],
    ['snode.status.rollback', 'Any other spec.image'],
  ])('explains %s', async (field, words) => {
    const explanation = await cluster.kubectl(['explain', field]);
    expect(explanation.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('shows the image wanted, the image running, the step and the reason', async () => {
    await create({ name: 'columns', spec: { chainId: 'c', image: 'seid:v2', fullNode: {} } });
    const status: SeiNodeStatus = {
      phase: 'Running',
      currentImage: 'seid:v1',
      statefulSet: { name: 'columns', uid: 'u' },
      conditions: [condition('NodeUpdateInProgress'), condition('Ready', 'ImagePullBackOff')],
      plan: {
        phase: 'Active',
        tasks: [
          { type: 'apply-statefulset', status: 'Complete' },
          { type: 'replace-pod', status: 'Pending' },
          { type: 'observe-image', status: 'Pending' },
        ],
      },
    };
    await patchStatus('columns', status);
    const [head = '', row = ''] = (await kubectl('get', 'snode', 'columns', '-o', 'wide')).split(
      '\n',
    );
    expect(head.split(/\s+/)).toEqual(
      'NAME PHASE WANTED RUNNING STEP REASON STATEFULSET AGE'.split(' '),
    );
    expect(row.split(/\s+/).slice(0, -1)).toEqual(
      'columns Running seid:v2 seid:v1 replace-pod ImagePullBackOff columns'.split(' '),
    );
  });
});

describe('a manifest', () => {
  it.each(SAMPLES)('of the sample %s applies', async (sample) => {
    const path = repositoryFile(`deploy/samples/${sample}.yaml`);
    expect(await kubectl('apply', '--dry-run=server', '-f', path)).toMatch(/ created/);
  });

  it.each(originalManifests)(
    'written for the original applies unchanged: $name',
    async (manifest) => {
      const stored = await create({ ...manifest, dryRun: true });
      expect(stored.spec).toMatchObject(manifest.spec);
    },
  );

  it('gets the defaults of the original', async () => {
    const secret = { secretName: 'k', passphraseSecretRef: { secretName: 'p', key: 'p' } };
    const spec = {
      chainId: 'c',
      image: 'seid:v1',
      sidecar: {},
      validator: { operatorKeyring: { secret } },
    };
    const stored = await create({ name: 'defaults', spec, dryRun: true });
    expect(stored.spec.sidecar).toEqual({ port: 7777 });
    expect(stored.spec.validator?.operatorKeyring?.secret?.keyName).toBe('node_admin');
  });

  it.each(refusals)('with $title is refused', async ({ name = 'refused', spec, message }) => {
    await expect(create({ name, spec, dryRun: true })).rejects.toThrow(message);
  });
});

describe('a change', () => {
  it.each(refusedChanges)('of $title is refused', async ({ title, before, change, message }) => {
    const name = `change-${refusedChanges.findIndex((refused) => refused.title === title)}`;
    await create({ name, spec: before });
    await expect(patchSpec(name, change)).rejects.toThrow(message);
  });

  it('of image, paused, labels, keys that are added, and an import that is added is taken', async () => {
    const spec = { chainId: 'c', image: 'seid:v1', validator: {} };
    await create({ name: 'changing', spec });
    const change = {
      image: 'seid:v2',
      paused: true,
      podLabels: { team: 'core' },
      dataVolume: { import: { pvcName: 'history' } },
      validator: {
        signingKey: { secret: { secretName: 'signing' } },
        nodeKey: { secret: { secretName: 'node' } },
      },
    };
    expect((await patchSpec('changing', change)).spec).toMatchObject(change);
  });
});

describe('a status', () => {
  it('that the original operator wrote is kept, field by field', async () => {
    await create({ name: 'taken-over', spec: { chainId: 'c', image: 'seid:v1', fullNode: {} } });
    expect((await patchStatus('taken-over', originalStatus)).status).toEqual(originalStatus);
  });

  it('with every field of ours is kept', async () => {
    await create({ name: 'ours', spec: { chainId: 'c', image: 'seid:v1', fullNode: {} } });
    expect((await patchStatus('ours', fullStatus)).status).toEqual(fullStatus);
  });

  it('with more than ten updates of history is refused', async () => {
    await create({ name: 'history', spec: { chainId: 'c', image: 'seid:v1', fullNode: {} } });
    const [entry] = fullStatus.history ?? [];
    const history = Array.from({ length: 11 }, () => entry);
    await expect(patchStatus('history', { history })).rejects.toThrow(
      'status.history: Too many: 11: must have at most 10 items',
    );
  });
});

describe('what is rendered', () => {
  const platform = readPlatformSettings(cluster.env, (path) => readFileSync(path, 'utf8'));

  it.each(SAMPLES)(
    'for the sample %s applies, and applying it again changes nothing',
    async (sample) => {
      const manifest = parse(readFileSync(repositoryFile(`deploy/samples/${sample}.yaml`), 'utf8'));
      const { metadata, spec } = manifest as SeiNode;
      const node = await create({ name: metadata.name, spec });
      const target = targetFor(node, platform.images.sidecar);
      for (const object of objectsOf(node, target, platform)) {
        await serverSideApply(object);
        // Controllers write status in between, so one unchanged pair of versions is what proves it: an
        // apply that changes anything changes the version every time.
        await expect
          .poll(async () => versionsAround(object), { timeout: 20_000 })
          .toEqual({ isUnchanged: true });
      }
    },
  );
});

const TIME = '2026-11-01T12:00:00Z';

/** Every field that SeiNodeStatus has: a new one has to be added to the CRD before this compiles. */
const fullStatus: Complete<SeiNodeStatus> = {
  observedGeneration: 3,
  phase: 'Running',
  currentImage: 'seid:v1',
  currentSidecarImage: 'seictl:v1',
  phaseTransitionTime: TIME,
  conditions: [condition('Stalled', 'ImagePullBackOff')],
  statefulSet: { name: 'node', uid: 'uid' },
  plan: {
    id: 'plan',
    workflowId: 'seinode/dev/nodes/node',
    phase: 'Failed',
    targetImage: 'seid:v2',
    previousImage: 'seid:v1',
    startedAt: TIME,
    tasks: [{ type: 'replace-pod', status: 'Failed', error: 'boom' }],
    lastFailure: { step: 'replace-pod', reason: 'Refused', message: 'boom', at: TIME },
  },
  hold: { reason: 'exchange maintenance', actor: 'kim', since: TIME },
  rollback: { rejectedImage: 'seid:v2', image: 'seid:v1', generation: 3 },
  history: [
    {
      from: 'seid:v1',
      to: 'seid:v2',
      outcome: 'RolledBack',
      startedAt: TIME,
      endedAt: TIME,
      actor: 'kim',
    },
  ],
};

/** Makes every optional field required, so that the example above cannot forget one. */
type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? { [Field in keyof T]-?: Complete<T[Field]> }
    : T;

function condition(type: string, reason = 'Example'): Required<Condition> {
  return {
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: TIME,
    observedGeneration: 3,
  };
}

interface NewNode {
  readonly name: string;
  readonly spec: object;
  readonly dryRun?: boolean;
}

async function create({ name, spec, dryRun = false }: NewNode): Promise<SeiNode> {
  const manifest = { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', metadata: { name }, spec };
  const args = ['create', '-f', '-', '-o', 'json', ...(dryRun ? ['--dry-run=server'] : [])];
  return nodeOf(await cluster.kubectl(inNamespace(args), { input: JSON.stringify(manifest) }));
}

async function patchSpec(name: string, spec: object): Promise<SeiNode> {
  const patch = JSON.stringify({ spec });
  return nodeOf(await kubectl('patch', 'snode', name, '--type=merge', '-o', 'json', '-p', patch));
}

async function patchStatus(name: string, status: object): Promise<SeiNode> {
  const args = ['--subresource=status', '--type=merge', '-o', 'json'];
  return nodeOf(await kubectl('patch', 'snode', name, ...args, '-p', JSON.stringify({ status })));
}

interface Applied {
  readonly metadata: { readonly generation?: number; readonly resourceVersion: string };
}

/** As the operator applies: the whole object, forced, under its own field manager. */
async function serverSideApply(object: object): Promise<Applied> {
  const args = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--field-manager=seinode-controller',
  ];
  const input = JSON.stringify(object);
  return JSON.parse(await kubectlWith([...args, '-o', 'json', '-f', '-'], input)) as Applied;
}

/** Whether an apply left the object at the version at which it was read just before. */
async function versionsAround(object: object) {
  const read = await kubectlWith(['get', '-o', 'json', '-f', '-'], JSON.stringify(object));
  const before = (JSON.parse(read) as Applied).metadata;
  const after = (await serverSideApply(object)).metadata;
  return {
    isUnchanged:
      before.resourceVersion === after.resourceVersion && before.generation === after.generation,
    before,
    after,
  };
}

function kubectl(...args: readonly string[]): Promise<string> {
  return cluster.kubectl(inNamespace(args));
}

function kubectlWith(args: readonly string[], input: string): Promise<string> {
  return cluster.kubectl(inNamespace(args), { input });
}

function inNamespace(args: readonly string[]): readonly string[] {
  return ['--namespace', namespace, ...args];
}

function nodeOf(json: string): SeiNode {
  return JSON.parse(json) as SeiNode;
}

function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
