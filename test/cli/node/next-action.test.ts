import { describe, expect, it } from 'vitest';

import { nextActions } from '../../../cli/node/next-action.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { nodeHealth } from '../../../domain/status/node-health.ts';
import { forgedPod, NOW, pod, runningNode, waiting } from '../../support/sei-node.ts';
import { condition, NODES, FULL_V1, FULL_V2 } from '../nodes-in-states.ts';

const WORDS = { program: 'kubectl seinode', where: '--context prod' };

function commandsFor(node: SeiNode, pods: readonly PodView[] = []): readonly string[] {
  return nextActions(node, nodeHealth(node), pods, WORDS).map(({ command }) => command);
}

function stalledFor(reason: string): SeiNode {
  const conditions = [condition('Stalled', 'True', reason, 'why')];
  return runningNode({ spec: { image: FULL_V2 }, status: { currentImage: FULL_V1, conditions } });
}

describe('what to do next', () => {
  it('is nothing for a node that runs', () => {
    expect(commandsFor(NODES.running)).toEqual([]);
  });

  it('repeats where the node is', () => {
    expect(commandsFor(NODES.held)).toEqual([
      'kubectl seinode resume held -n default --context prod',
    ]);
  });

  it('is not to lift the hold of a node that is deleted', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const deleted = { ...NODES.held, metadata: { ...NODES.held.metadata, deletionTimestamp } };
    expect(commandsFor(deleted).join('\n')).not.toContain('resume');
  });

  it('is another image, or the one before, for one that cannot be pulled', () => {
    expect(commandsFor(stalledFor('ImagePullBackOff'))).toEqual([
      'kubectl seinode set-image n0 IMAGE -n default --context prod',
      'kubectl seinode rollback n0 -n default --context prod',
    ]);
  });

  it('offers no rollback where none can be', () => {
    const node = stalledFor('ImagePullBackOff');
    const { currentImage: _, ...status } = node.status ?? {};
    expect(commandsFor({ ...node, status })).toEqual([
      'kubectl seinode set-image n0 IMAGE -n default --context prod',
    ]);
  });

  it('looks into the container that crashes', () => {
    const crashing = pod({ containers: { 'seid-init': waiting('CrashLoopBackOff') } });
    expect(commandsFor(stalledFor('CrashLoopBackOff'), [crashing])[0]).toBe(
      'kubectl logs n0-0 -c seid-init -n default --context prod',
    );
  });

  it('looks behind a deadline for what its pod says', () => {
    const node = stalledFor('ProgressDeadlineExceeded');
    for (const reason of ['ImagePullBackOff', 'ErrImagePull']) {
      const stuck = pod({ containers: { 'seid-init': waiting(reason) } });
      expect(commandsFor(node, [stuck])[0]).toBe(
        'kubectl seinode set-image n0 IMAGE -n default --context prod',
      );
    }
  });

  it('is there for a node whose update is complete, and whose image crashes', () => {
    expect(commandsFor(NODES.running)).toEqual([]);
    const crashing = pod({
      name: 'running-0',
      containers: { seid: waiting('CrashLoopBackOff') },
    });
    expect(commandsFor(NODES.running, [crashing])).toEqual([
      'kubectl logs running-0 -c seid -n default --context prod',
      'kubectl seinode set-image running IMAGE -n default --context prod',
    ]);
  });

  it('is not about what a pod of another name says', () => {
    const containers = {
      seid: waiting('CrashLoopBackOff'),
      'seid-init': waiting('ImagePullBackOff'),
    };
    expect(commandsFor(NODES.running, [forgedPod({ containers })])).toEqual([]);
    const late = stalledFor('ProgressDeadlineExceeded');
    expect(commandsFor(late, [forgedPod({ containers })])[0]).toBe(
      'kubectl describe pod n0-0 -n default --context prod',
    );
  });

  it('is a retry for what was refused', () => {
    expect(commandsFor(NODES.failed)).toEqual([
      'kubectl seinode retry failed -n default --context prod',
    ]);
  });

  it.each([
    ['CreateContainerConfigError', 'kubectl describe pod n0-0'],
    ['Unschedulable', 'kubectl describe pod n0-0'],
    ['TooManyReplicas', 'kubectl get statefulset n0 -o yaml --show-managed-fields'],
    ['PodTerminating', 'kubectl get pod n0-0 -o wide'],
    ['ForeignPod', 'kubectl get pod -l sei.io/node=n0 -o yaml'],
    ['DataVolumeTerminating', 'kubectl describe persistentvolumeclaim data-n0'],
    ['FailedMount', 'kubectl describe pod n0-0'],
    ['FailedAttachVolume', 'kubectl get volumeattachment'],
    ['FailedCreatePodSandBox', 'kubectl get pod n0-0 -o wide'],
    ['PodRefused', 'kubectl get resourcequota,limitrange'],
    ['IdentityInUse', 'kubectl get snode,lease,statefulset,pod'],
    ['NotConverging', 'kubectl get statefulset n0 -o yaml --show-managed-fields'],
    ['SecretNotFound', 'kubectl get secret'],
    ['ApiServerError', 'kubectl get validatingwebhookconfiguration,mutatingwebhookconfiguration'],
    ['WaitingForDeletion', 'kubectl get statefulset,pod,persistentvolumeclaim -o yaml'],
    ['SidecarUnauthorized', 'kubectl logs n0-0 -c kube-rbac-proxy'],
    ['SidecarUnreachable', 'kubectl logs n0-0 -c sei-sidecar'],
    ['SidecarFailing', 'kubectl logs n0-0 -c sei-sidecar'],
    ['ProgressDeadlineExceeded', 'kubectl describe pod n0-0'],
    ['SurplusPod', 'kubectl get pod -l sei.io/node=n0'],
    ['InvalidSpec', 'kubectl edit seinodes n0'],
    [
      'ForeignOwner',
      'kubectl get statefulset,service,configmap,persistentvolumeclaim --show-labels',
    ],
    ['Incompatible', 'kubectl get statefulset n0 -o yaml'],
  ])('begins with kubectl for %s', (reason, command) => {
    expect(commandsFor(stalledFor(reason))[0]).toBe(`${command} -n default --context prod`);
  });

  it.each(['updating', 'starting', 'terminating'] as const)(
    'is to follow a node that is %s',
    (state) => {
      expect(commandsFor(NODES[state])[0]).toContain(`kubectl seinode watch ${state}`);
    },
  );

  it.each(['terminating', 'scalingDown'] as const)(
    'is to see to the machine of the pod that a node which is %s waits for',
    (state) => {
      const leaving = pod({ deletionTimestamp: NOW });
      expect(commandsFor(NODES[state], [leaving])).toEqual([
        'kubectl get node machine-0 -n default --context prod',
        expect.stringContaining('kubectl seinode watch') as string,
      ]);
    },
  );

  it.each(['unready', 'rolledBack', 'paused'] as const)(
    'is there for a node that is %s',
    (state) => {
      expect(commandsFor(NODES[state]).length).toBeGreaterThan(0);
    },
  );
});
