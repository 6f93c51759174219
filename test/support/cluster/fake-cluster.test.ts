import type { V1ConfigMap } from '@kubernetes/client-node';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Target } from '../../../domain/node/target.ts';
import { podTrouble } from '../../../domain/pod/pod-trouble.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { containerOf } from '../../../domain/pod/pod-view.ts';
import { statefulSetFor } from '../../../manifests/stateful-set.ts';
import { platform } from '../../manifests/fixtures.ts';
import { NODE, NOW, seiNode, SIDECAR, V1, V2 } from '../sei-node.ts';
import type { ContractSubject } from './cluster-api-contract.ts';
import { clusterApiContract } from './cluster-api-contract.ts';
import { contentOf } from './content-of.ts';
import { FakeCluster } from './fake-cluster.ts';
import type { Fate } from './kubelet.ts';
import { unavailable } from './refusals.ts';

describe('the API', () => {
  clusterApiContract(async (): Promise<ContractSubject> => {
    const cluster = new FakeCluster();
    return {
      api: cluster.api,
      namespace: NODE.namespace,
      createNode: async (name) => cluster.createNode(seiNode({ metadata: { name, uid: name } })),
      setImage: async (key, image) => cluster.editSpec(key, { image }),
      createStatefulSet: async (statefulSet) => {
        cluster.createStatefulSet(statefulSet);
      },
      podOf: async (key) => {
        cluster.controller.createPods();
        const [pod] = cluster.pods(key);
        if (pod === undefined) throw new Error(`${key.name} has no pod`);
        return pod;
      },
    };
  });
});

const POD = { namespace: NODE.namespace, name: 'n0-0' };
const TO_V1: Target = { image: V1, sidecarImage: SIDECAR, replicas: 1 };

let cluster: FakeCluster;

beforeEach(() => {
  cluster = new FakeCluster({ now: () => new Date(NOW) });
  cluster.createNode(seiNode());
});

const apply = (target: Target) =>
  cluster.api.applyStatefulSet(statefulSetFor(seiNode(), target, platform), undefined);
const set = () => cluster.statefulSet(NODE);

function onlyPod(): PodView {
  const [pod, ...others] = cluster.pods(NODE);
  if (pod === undefined || others.length > 0) throw new Error(`there are ${others.length} others`);
  return pod;
}

describe('the StatefulSet controller', () => {
  it('makes the pod of the newest template, and counts it', async () => {
    await apply(TO_V1);
    cluster.controller.observe();
    expect(set()).toMatchObject({ observedGeneration: 1, updatedReplicas: 0 });
    cluster.controller.createPods();
    cluster.controller.observe();
    expect(set()?.updatedReplicas).toBe(1);
    expect(onlyPod()).toMatchObject({
      revision: set()?.updateRevision,
      statefulSetUid: set()?.uid,
    });
  });

  it('leaves a pod of an older template alone', async () => {
    await apply(TO_V1);
    cluster.settle();
    const before = onlyPod();
    await apply({ ...TO_V1, image: V2 });
    cluster.settle();
    expect(onlyPod()).toEqual(before);
    expect(set()?.updatedReplicas).toBe(0);
  });

  it('makes no pod while the one before still has the name', async () => {
    await apply(TO_V1);
    cluster.settle();
    const before = onlyPod();
    cluster.deletePod(POD);
    cluster.controller.createPods();
    expect(onlyPod().uid).toBe(before.uid);
    cluster.kubelet.endPods();
    cluster.controller.createPods();
    expect(onlyPod().uid).not.toBe(before.uid);
  });

  it('gives a template that comes back its old revision', async () => {
    await apply(TO_V1);
    cluster.settle();
    const first = set()?.updateRevision;
    await apply({ ...TO_V1, image: V2 });
    cluster.settle();
    const second = set()?.updateRevision;
    await apply(TO_V1);
    cluster.settle();
    expect(second).not.toBe(first);
    expect(set()?.updateRevision).toBe(first);
  });

  it('takes pods away that are more than wanted', async () => {
    await apply(TO_V1);
    cluster.settle();
    cluster.editStatefulSet(NODE, { replicas: 0 });
    cluster.settle();
    expect(cluster.pods(NODE)).toEqual([]);
  });
});

describe('the kubelet', () => {
  it.each<[string, Fate, string | undefined]>([
    ['runs', { kind: 'runs' }, undefined],
    [
      'cannot be pulled',
      { kind: 'waits', reason: 'ErrImagePull', message: '' },
      'ImagePullBackOff',
    ],
    ['crashes', { kind: 'crashes' }, 'CrashLoopBackOff'],
  ])('shows a pod whose image %s', async (_, fate, trouble) => {
    cluster.kubelet.fateOf = (image) => (image === V1 ? fate : { kind: 'runs' });
    await apply(TO_V1);
    cluster.settle();
    expect(podTrouble(onlyPod(), Date.parse(NOW))?.reason).toBe(trouble);
    expect(containerOf(onlyPod(), 'seid')?.hasStarted).toBe(trouble === undefined);
  });

  it('shows since when no machine takes a pod', async () => {
    cluster.kubelet.fateOf = () => ({ kind: 'unschedulable', message: 'no room' });
    await apply(TO_V1);
    cluster.settle();
    expect(onlyPod().unschedulable).toEqual({ message: 'no room', since: '2026-01-01T12:00:00Z' });
  });

  it('gives every pod an address of its own', async () => {
    await apply(TO_V1);
    cluster.settle();
    const { ip } = onlyPod();
    cluster.deletePod(POD);
    cluster.settle();
    expect([ip, onlyPod().ip]).toEqual(['10.0.0.1', '10.0.0.2']);
  });
});

describe('the garbage collector', () => {
  it('takes the pods of a StatefulSet that is gone, and the StatefulSet of a node that is', async () => {
    await apply(TO_V1);
    cluster.settle();
    cluster.deleteNode(NODE);
    cluster.settle();
    expect(cluster.inventory).toEqual([]);
  });

  it('takes the pods of a StatefulSet that is deleted in the foreground, and then that', async () => {
    await apply(TO_V1);
    cluster.settle();
    cluster.deleteStatefulSet(NODE, 'foreground');
    expect(set()?.terminating).toBe(true);
    cluster.settle();
    expect(cluster.pods(NODE)).toEqual([]);
    expect(set()).toBeUndefined();
  });

  it('takes a claim that is deleted once no pod has it mounted', async () => {
    const claim = { namespace: NODE.namespace, name: 'data-n0' };
    await cluster.api.createPersistentVolumeClaim({ metadata: claim });
    await apply(TO_V1);
    cluster.settle();
    const { uid = '', resourceVersion = '' } =
      (await cluster.api.getPersistentVolumeClaim(claim))?.metadata ?? {};
    await cluster.api.deletePersistentVolumeClaim({ ...claim, uid, resourceVersion });
    cluster.settle();
    expect(cluster.inventory).toContain('claims default/data-n0');
    cluster.deleteStatefulSet(NODE);
    cluster.settle();
    expect(cluster.inventory).not.toContain('claims default/data-n0');
  });
});

describe('a cluster that runs on its own', () => {
  it('comes to rest without being asked to', async () => {
    cluster = new FakeCluster({ runsByItself: true });
    cluster.createNode(seiNode());
    await apply(TO_V1);
    await cluster.atRest();
    expect(set()?.updatedReplicas).toBe(1);
    const before = onlyPod();
    cluster.deletePod(POD);
    await cluster.atRest();
    expect(onlyPod().uid).not.toBe(before.uid);
  });
});

describe('the cache', () => {
  it('shows the past while it is frozen, and what it missed when it thaws', () => {
    const heard: (number | undefined)[] = [];
    cluster.cache.subscribe((key) => heard.push(cluster.cache.node(key)?.metadata.generation));
    cluster.cache.freeze('node');
    cluster.editSpec(NODE, { image: V2 });
    cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(cluster.cache.node(NODE)?.spec.image).toBe(V1);
    expect(heard).toEqual([]);
    cluster.cache.thaw();
    expect(heard).toEqual([2, 3]);
  });

  it('shows what it has read of Services and ConfigMaps until it reads them again', async () => {
    const key = { namespace: NODE.namespace, name: NODE.name };
    const text = () =>
      (
        contentOf(cluster.cache.ownedObjects({ ...key, configMap: key.name }).configMap) as
          | V1ConfigMap
          | undefined
      )?.data?.['text'];
    const config = (data: string): V1ConfigMap => ({
      kind: 'ConfigMap',
      metadata: { ...key, labels: { 'sei.io/node': key.name } },
      data: { text: data },
    });
    cluster.cache.leaveContentsUnread();
    const uid = await cluster.api.createConfigMap(config('one'));
    await cluster.api.applyConfigMap(config('one'), uid);
    const { configMap } = cluster.cache.ownedObjects({ ...key, configMap: key.name });
    expect(configMap).toMatchObject({ uid, node: key.name, content: { kind: 'unread' } });
    cluster.cache.readContents();
    expect(text()).toBe('one');
    cluster.cache.leaveContentsUnread();
    await cluster.api.applyConfigMap(config('two'), uid);
    expect(text()).toBe('one');
    const heard: string[] = [];
    cluster.cache.subscribe(({ name }) => heard.push(name));
    cluster.cache.readContents();
    expect([text(), ...heard]).toEqual(['two', key.name]);
  });

  it('names the nodes of pods', async () => {
    await apply(TO_V1);
    const heard: string[] = [];
    cluster.cache.subscribe(({ name }) => heard.push(name));
    cluster.controller.createPods();
    expect(heard).toEqual(['n0']);
    expect(cluster.cache.pods(NODE)).toEqual(cluster.pods(NODE));
  });
});

describe('the requests', () => {
  it('are kept, with whether they changed anything', async () => {
    await apply(TO_V1);
    await apply(TO_V1);
    await cluster.api.getNode(NODE);
    expect(cluster.requests.all).toEqual([
      { method: 'applyStatefulSet', object: 'default/n0', changed: true },
      { method: 'applyStatefulSet', object: 'default/n0', changed: false },
      { method: 'getNode', object: 'default/n0', changed: false },
    ]);
    expect(cluster.requests.changes).toHaveLength(1);
  });

  it('fail without effect when they are refused', async () => {
    cluster.requests.refuse('applyStatefulSet', unavailable());
    await expect(apply(TO_V1)).rejects.toMatchObject({ code: 503 });
    expect(set()).toBeUndefined();
    await apply(TO_V1);
    expect(set()).toBeDefined();
  });

  it('fail after their effect when their answer is lost', async () => {
    cluster.requests.loseAnswer('applyStatefulSet');
    await expect(apply(TO_V1)).rejects.toThrow('the connection broke');
    expect(set()).toBeDefined();
    expect(cluster.requests.changes).toHaveLength(1);
  });

  it('are met by their number too', async () => {
    cluster.requests.refuse(1, unavailable());
    await cluster.api.getNode(NODE);
    await expect(cluster.api.listPods(NODE)).rejects.toMatchObject({ code: 503 });
    await cluster.api.getNode(NODE);
  });

  it('let somebody else act first', async () => {
    const before = cluster.createNode(seiNode({ metadata: { name: 'n1', uid: 'n1-uid' } }));
    cluster.requests.before('patchNodeStatus', () =>
      cluster.editSpec(before.metadata, { image: V2 }),
    );
    await expect(cluster.api.patchNodeStatus(before, {})).rejects.toMatchObject({ code: 409 });
  });
});
