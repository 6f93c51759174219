import { describe, expect } from 'vitest';

import { containerOf, SEID_CONTAINER } from '../../domain/pod/pod-view.ts';
import { podView } from '../../kubernetes/views/pod-view.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const CRASHES = 'ghcr.io/sei-protocol/sei:crash-loop';
const KIM = { actor: 'kim', reason: 'exchange maintenance' };

const it = testbedTest('at-rest', ['worker', 'watcher']);

describe('a node at rest', () => {
  it('follows a change of spec that needs no work, as kubectl wait sees it', async ({ bed }) => {
    await bed.nodes.createRunning('acknowledged', V1);
    await bed.nodes.patchSpec('acknowledged', { updatePolicy: { progressDeadlineSeconds: 900 } });
    await bed.kubectl(['wait', '--for=condition=Ready', 'snode/acknowledged', '--timeout=60s']);
    const { metadata, status } = await bed.nodes.get('acknowledged');
    expect(status?.observedGeneration).toBe(metadata.generation);
    expect(bed.pods.uids('acknowledged')).toHaveLength(1);
  });

  it('is Ready again once a failed image is not asked for any more', async ({ bed }) => {
    await bed.nodes.createRunning('reverted', V1);
    await bed.nodes.setImage('reverted', 'ghcr.io/sei-protocol/sei v2');
    await untilReady(bed, 'reverted', 'False/UpdateFailed');
    await bed.nodes.setImage('reverted', V1);
    await untilReady(bed, 'reverted', 'True/Running');
    expect(bed.pods.uids('reverted')).toHaveLength(1);
  });

  it('is not Ready while its pod cannot be made, and says why', async ({ bed }) => {
    await bed.nodes.createRunning('lost', V1);
    await bed.kubectl(['create', 'quota', 'none', '--hard=pods=0']);
    try {
      await bed.kubectl(['delete', 'pod', podNameOf('lost'), '--wait=false']);
      await bed.nodes.until(
        'lost',
        'the quota is named',
        (node) =>
          conditionOf(node, 'Ready') === 'False/PodRefused' &&
          JSON.stringify(node.status?.conditions).includes('exceeded quota'),
      );
      // The sidecar went with the pod.
      expect(conditionOf(await bed.nodes.get('lost'), 'SidecarReady')).not.toBe('True/Ready');
    } finally {
      await bed.kubectl(['delete', 'quota', 'none']);
    }
    // The StatefulSet controller backs off on its own; a change of its object makes it look at once.
    await bed.kubectl(['annotate', 'statefulset', 'lost', 'test/look=now']);
    await untilReady(bed, 'lost', 'True/Running');
  });

  it('is not Ready while its seid crashes, though the roll is complete', async ({ bed }) => {
    await bed.nodes.createRunning('crashing', V1);
    await bed.nodes.setImage('crashing', CRASHES);
    await untilReady(bed, 'crashing', 'False/CrashLoopBackOff');
    const { status } = await bed.nodes.get('crashing');
    expect(status).toMatchObject({ currentImage: CRASHES, plan: { phase: 'Complete' } });
    await bed.nodes.setImage('crashing', V2);
    await untilReady(bed, 'crashing', 'True/Running');
  });

  it('gets another pod, once, where somebody edits the image of its pod', async ({ bed }) => {
    await bed.nodes.createRunning('edited', V1);
    await bed.kubectl(['set', 'image', `pod/${podNameOf('edited')}`, `seid=${V2}`]);
    await eventually('another pod runs', () => bed.pods.uids('edited').length === 2);
    await bed.nodes.untilSettledOn('edited', V1);
    await bed.runs.closed(bed.key('edited'));
    expect(await seidImageOf(bed, 'edited')).toBe(V1);
    expect(bed.pods.uids('edited')).toHaveLength(2);
  });

  it('keeps serving under a hold, with its template left alone', async ({ bed }) => {
    await bed.nodes.createRunning('held', V1);
    const run = await bed.temporal.workflow.signalWithStart('nodeSync', {
      workflowId: `seinode/${bed.namespace}/${bed.namespace}/held`,
      taskQueue: bed.namespace,
      args: [{ node: (await bed.nodes.get('held')).metadata }],
      signal: 'pause',
      signalArgs: [KIM],
    });
    await untilEvent(bed, 'held', 'Held');
    await bed.nodes.setImage('held', V2);
    await bed.kubectl(['delete', 'pod', podNameOf('held')]);
    await eventually(
      'the next pod is let through',
      async () => (await bed.sidecars.state(bed.key('held'))).sidecar?.ready === true,
    );
    const { status } = await bed.nodes.until(
      'held',
      'it says by whom it is held',
      (node) =>
        conditionOf(node, 'Ready') === 'False/Held' &&
        conditionOf(node, 'SidecarReady') === 'True/Ready',
    );
    expect(status?.currentImage).toBe(V1);
    expect(await seidImageOf(bed, 'held')).toBe(V1);

    await run.signal('resume', KIM);
    await bed.nodes.untilSettledOn('held', V2);
  });
});

describe('an image that admission rewrites', () => {
  it('is rolled out once, and status names both', async ({ bed }) => {
    await bed.kubectl(['apply', '-f', '-'], { input: rewriting(bed.namespace, 'mirrored') });
    try {
      await untilRewritten(bed, 'mirrored');
      await bed.nodes.createRunning('mirrored', V1);
      await bed.runs.closed(bed.key('mirrored'));
      const { status } = await bed.nodes.get('mirrored');
      expect(status).toMatchObject({ currentImage: V1, pod: { image: `mirror.example/${V1}` } });
      await untilEvent(bed, 'mirrored', 'ImageRewritten');

      await bed.nodes.setImage('mirrored', V2);
      await bed.nodes.untilSettledOn('mirrored', V2);
      await bed.runs.closed(bed.key('mirrored'));
      expect(bed.pods.uids('mirrored')).toHaveLength(2);
      const kinds = (await bed.runs.worked(bed.key('mirrored'))).map(({ type }) => type);
      expect(kinds).toEqual(['nodeInit', 'nodeUpdate']);
    } finally {
      const kinds = 'mutatingadmissionpolicybinding,mutatingadmissionpolicy';
      await bed.kubectl(['delete', kinds, bed.namespace, '--ignore-not-found']);
    }
  });
});

/** Waits until the API server takes a new policy into account, after some seconds. */
async function untilRewritten(bed: Testbed, node: string): Promise<void> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podNameOf(node) },
    spec: { containers: [{ name: 'seid', image: V1 }] },
  };
  const args = ['create', '--dry-run=server', '-o', 'jsonpath={.spec.containers[0].image}'];
  await eventually('the policy is in force', async () => {
    const image = await bed.kubectl([...args, '-f', '-'], { input: JSON.stringify(pod) });
    return image.startsWith('mirror.example/');
  });
}

async function untilReady(bed: Testbed, node: string, ready: string): Promise<void> {
  await bed.nodes.until(
    node,
    `its Ready is ${ready}, for its newest spec`,
    ({ metadata, status, ...rest }) =>
      status?.observedGeneration === metadata.generation &&
      conditionOf({ metadata, status, ...rest }, 'Ready') === ready,
  );
}

async function seidImageOf(bed: Testbed, node: string): Promise<string | undefined> {
  const { namespace } = bed;
  const pod = await bed.core.readNamespacedPod({ namespace, name: podNameOf(node) });
  return containerOf(podView(pod), SEID_CONTAINER)?.image;
}

/** Makes a policy as image mirrors and digest pinners are: it changes the pods of a node as they are made. */
function rewriting(namespace: string, node: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingAdmissionPolicy',
        metadata: { name: namespace },
        spec: {
          failurePolicy: 'Fail',
          reinvocationPolicy: 'Never',
          matchConstraints: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
            ],
          },
          matchConditions: [
            {
              name: 'seid',
              expression: `object.metadata.name == '${podNameOf(node)}' && object.spec.containers[0].image.startsWith('ghcr.io/')`,
            },
          ],
          mutations: [
            {
              patchType: 'JSONPatch',
              jsonPatch: {
                expression:
                  '[JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "mirror.example/" + object.spec.containers[0].image}]',
              },
            },
          ],
        },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingAdmissionPolicyBinding',
        metadata: { name: namespace },
        spec: { policyName: namespace },
      },
    ],
  });
}
