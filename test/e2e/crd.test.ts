import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { FailureType } from '../../domain/failure/failure-type.ts';
import { withCondition } from '../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import { failedPlan } from '../../domain/plan/plan.ts';
import { commandOf } from '../../domain/plan/steering.ts';
import { SAMPLES } from '../manifests/fixtures.ts';
import { sharedDevcluster } from '../support/testbed/devcluster.ts';
import { CRD_FILE, installCrd } from '../support/testbed/install-crd.ts';
import { importing, refusals, refusedChanges, signing } from './crd-refusals.ts';
import { trueCondition, fullStatus } from './full-status.ts';
import { nodeKubectl, repositoryFile } from './node-kubectl.ts';
import { originalManifests, originalStatus } from './original-manifests.ts';
import type { CustomResourceDefinition } from './undescribed-fields.ts';
import { undescribedFields } from './undescribed-fields.ts';

const cluster = sharedDevcluster();
const namespace = `crd-${process.pid}`;
const nodes = nodeKubectl(cluster, namespace);
const TIME = '2026-11-01T12:00:00Z';
/** A text of characters that take three bytes each. */
const LONG = '界'.repeat(40_000);
const minimal = { chainId: 'pacific-1', image: 'seid:v2', fullNode: {} };

beforeAll(async () => {
  await installCrd(cluster);
  await cluster.kubectl(['create', 'namespace', namespace]);
});

afterAll(async () => {
  await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

describe('the CRD', () => {
  it('applies with a plain kubectl apply', async () => {
    const answer = await cluster.kubectl(['apply', '--dry-run=server', '-f', CRD_FILE]);
    expect(answer).toMatch(/seinodes.sei.io (created|configured|unchanged) \(server dry run\)/);
  });

  it('answers to the names seinode, seinodes and snode', async () => {
    await nodes.create({ name: 'names', spec: minimal });
    for (const name of ['seinode', 'seinodes', 'snode']) {
      expect(await nodes.run(['get', name, '-o', 'name'])).toContain('seinode.sei.io/names');
    }
  });

  it.each([
    ['snode.spec.image', 'Changing it rolls the node'],
    ['snode.spec.dataVolume.import', 'never changes and never deletes'],
    ['snode.spec.validator.operatorKeyring', '{} means none'],
    ['snode.status.currentImage', 'Never a copy of the spec'],
    ['snode.status.rollback', 'Any other spec.image'],
  ])('explains %s', async (field, words) => {
    // The API server describes a new kind a moment after it serves it.
    const explanation = () => cluster.kubectl(['explain', field]).catch(String);
    await expect
      .poll(async () => (await explanation()).replaceAll(/\s+/g, ' '), { timeout: 60_000 })
      .toContain(words);
  });

  it('describes every field', async () => {
    const stored = await cluster.kubectl(['get', 'crd', 'seinodes.sei.io', '-o', 'json']);
    const crd = JSON.parse(stored) as CustomResourceDefinition;
    expect(undescribedFields(crd)).toEqual([]);
  });

  it('shows the image wanted, the image running, the step and the reason', async () => {
    const status: SeiNodeStatus = {
      phase: 'Running',
      currentImage: 'seid:v1',
      statefulSet: { name: 'columns', uid: 'u' },
      conditions: [
        trueCondition('NodeUpdateInProgress', 'UpdateStarted'),
        trueCondition('Ready', 'ImagePullBackOff'),
      ],
      plan: {
        phase: 'Active',
        tasks: [
          { type: 'apply-statefulset', status: 'Complete' },
          { type: 'replace-pod', status: 'Pending' },
          { type: 'observe-image', status: 'Pending' },
        ],
      },
    };
    await nodes.create({ name: 'columns', spec: minimal });
    await nodes.patchStatus('columns', status);
    const table = await nodes.run(['get', 'snode', 'columns', '-o', 'wide']);
    const [head, row] = table.split('\n').map((line) => line.split(/\s+/).slice(0, -1));
    expect(head).toEqual('NAME PHASE WANTED RUNNING STEP REASON STATEFULSET PODCURRENT'.split(' '));
    expect(row).toEqual(
      'columns Running seid:v2 seid:v1 replace-pod ImagePullBackOff columns'.split(' '),
    );
  });
});

describe('a manifest', () => {
  it.each(SAMPLES)('of the sample %s applies', async (sample) => {
    const path = repositoryFile(`deploy/samples/${sample}.yaml`);
    const answer = await nodes.run(['apply', '--dry-run=server', '-f', path]);
    expect(answer).toMatch(/ created \(server dry run\)/);
  });

  it.each(originalManifests)(
    'that a user of the original has, a $name, is taken and kept as it is',
    async (manifest) => {
      const stored = await nodes.create({ ...manifest, dryRun: true });
      expect(stored.spec).toMatchObject(manifest.spec);
    },
  );

  it('gets the defaults of the original', async () => {
    const secret = { secretName: 'k', passphraseSecretRef: { secretName: 'p', key: 'p' } };
    const { fullNode: _otherMode, ...spec } = minimal;
    const stored = await nodes.create({
      name: 'defaults',
      spec: { ...spec, sidecar: {}, validator: { operatorKeyring: { secret } } },
      dryRun: true,
    });
    expect(stored.spec.sidecar).toEqual({ port: 7777 });
    expect(stored.spec.validator?.operatorKeyring?.secret?.keyName).toBe('node_admin');
  });

  it.each(refusals)('with $title is refused', async ({ name = 'refused', spec, message }) => {
    await expect(nodes.create({ name, spec, dryRun: true })).rejects.toThrow(message);
  });
});

describe('a change', () => {
  it.each(refusedChanges)('of $title is refused', async (refused) => {
    const { before, status, change, message } = refused;
    const name = `change-${refusedChanges.findIndex(({ title }) => title === refused.title)}`;
    await nodes.create({ name, spec: before });
    if (status !== undefined) await nodes.patchStatus(name, status);
    await expect(nodes.patchSpec(name, change)).rejects.toThrow(message);
  });

  it('of the image, of paused and labels, and of what is added for the first time is taken', async () => {
    const { fullNode: _otherMode, ...spec } = minimal;
    await nodes.create({ name: 'changing', spec: { ...spec, validator: {} } });
    const change = {
      image: 'seid:v3',
      paused: true,
      podLabels: { team: 'core' },
      updatePolicy: { progressDeadlineSeconds: 60, autoRollback: true },
      terminationGracePeriodSeconds: 3_600,
      dataVolume: { import: { pvcName: 'history' } },
      validator: {
        signingKey: { secret: { secretName: 'signing' } },
        nodeKey: { secret: { secretName: 'node' } },
      },
    };
    expect((await nodes.patchSpec('changing', change)).spec).toMatchObject(change);
  });

  it('of a validator that runs without keys, which gets them, is taken', async () => {
    const { fullNode: _otherMode, ...spec } = minimal;
    await nodes.create({ name: 'observer', spec: { ...spec, validator: {} } });
    await nodes.patchStatus('observer', { phase: 'Running', currentImage: 'seid:v2' });
    const { validator } = signing;
    expect((await nodes.patchSpec('observer', { validator })).spec).toMatchObject({ validator });
  });

  it('of an import, where the bring-up was refused before it made a volume, is taken', async () => {
    await nodes.create({ name: 'no-volume-yet', spec: minimal });
    await nodes.patchStatus('no-volume-yet', { phase: 'Initializing' });
    const { dataVolume } = importing;
    const { spec } = await nodes.patchSpec('no-volume-yet', { dataVolume });
    expect(spec).toMatchObject({ dataVolume });
  });

  it.each([
    ['keys', signing],
    ['an imported claim', importing],
  ])('of anything else is taken of a node with %s', async (what, before) => {
    const name = `with-${what.replaceAll(' ', '-')}`;
    await nodes.create({ name, spec: before });
    await nodes.patchStatus(name, { phase: 'Running', currentImage: 'seid:v1' });
    const change = { image: 'seid:v3', paused: true, terminationGracePeriodSeconds: 60 };
    expect((await nodes.patchSpec(name, change)).spec).toMatchObject({ ...before, ...change });
  });
});

describe('a status', () => {
  it('that the original operator wrote is kept, field by field', async () => {
    await nodes.create({ name: 'taken-over', spec: minimal });
    const { status } = await nodes.patchStatus('taken-over', originalStatus);
    expect(status).toEqual(originalStatus);
  });

  it('with every field that this operator writes is kept', async () => {
    await nodes.create({ name: 'ours', spec: minimal });
    const { status } = await nodes.patchStatus('ours', fullStatus);
    expect(status).toEqual(fullStatus);
  });

  it('with texts as long as any that this operator writes is kept', async () => {
    await nodes.create({ name: 'long-texts', spec: minimal });
    const { reason, actor } = commandOf('pause', { reason: LONG, actor: LONG });
    const stalled = { type: 'Stalled', status: 'True', reason: 'Refused', message: LONG } as const;
    const tasks = [{ type: 'replace-pod', status: 'Pending' }] as const;
    const type = LONG as FailureType;
    const failure = { step: 'replace-pod', reason: type, message: LONG, at: TIME };
    const long = {
      conditions: withCondition(undefined, stalled, 1, TIME),
      plan: failedPlan({ phase: 'Active', tasks }, failure),
      hold: { reason, actor, since: TIME },
      history: [{ ...fullStatus.history[0], reason, actor }],
    };
    const { status } = await nodes.patchStatus('long-texts', long);
    expect(status).toEqual(long);
  });

  it('with more than ten updates of history is refused', async () => {
    await nodes.create({ name: 'history', spec: minimal });
    const history = Array.from({ length: 11 }, () => fullStatus.history[0]);
    await expect(nodes.patchStatus('history', { history })).rejects.toThrow(
      'status.history: Too many: 11: must have at most 10 items',
    );
  });
});
