import { describe, expect, it } from 'vitest';

import type { Condition } from '../../../domain/node/condition.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { targetFor } from '../../../domain/node/target.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { SEID_CONTAINER, SIDECAR_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { describeDrift, driftOf, isSidecarImageBinding } from '../../../domain/work/drift.ts';
import {
  DEFAULT_SIDECAR,
  EARLIER,
  plan,
  pod,
  revisionOf,
  runningNode,
  SIDECAR,
  statefulSet,
  V1,
  V2,
} from '../../support/sei-node.ts';

const policy = { rollOnPlatformSidecarImage: false };

function drift(node: SeiNode, pods: readonly PodView[] = [pod()], rules = policy) {
  return driftOf(node, pods, targetFor(node, DEFAULT_SIDECAR), rules);
}

const updating: Condition = {
  type: 'NodeUpdateInProgress',
  status: 'True',
  reason: 'UpdateStarted',
  message: '',
  lastTransitionTime: EARLIER,
};

/** Returns a node whose spec names no sidecar image. */
function withPlatformSidecar(currentSidecarImage: string): SeiNode {
  return runningNode({ spec: { sidecar: {} }, status: { currentSidecarImage } });
}

describe('driftOf', () => {
  it('is empty for a node that runs its target', () => {
    expect(drift(runningNode())).toEqual([]);
  });

  it('sees that spec asks for another image', () => {
    expect(drift(runningNode({ spec: { image: V2 } }))).toEqual([
      { kind: 'image', current: V1, wanted: V2 },
    ]);
  });

  it('sees that nobody knows what runs', () => {
    const { currentImage: _, ...status } = runningNode().status ?? {};
    expect(drift({ ...runningNode(), status })).toEqual([
      { kind: 'image', current: undefined, wanted: V1 },
    ]);
  });

  it('sees that spec asks for another sidecar image', () => {
    expect(drift(runningNode({ spec: { sidecar: { image: 'seictl:v2' } } }))).toEqual([
      { kind: 'sidecar-image', current: SIDECAR, wanted: 'seictl:v2' },
    ]);
  });

  it('names both images when both differ, so that one roll serves both', () => {
    const node = runningNode({ spec: { image: V2, sidecar: { image: 'seictl:v2' } } });
    expect(drift(node).map(({ kind }) => kind)).toEqual(['image', 'sidecar-image']);
  });

  it.each([undefined, ''])('takes a sidecar image recorded as %j for unknown', (recorded) => {
    const { currentSidecarImage: _, ...status } = runningNode().status ?? {};
    const node = {
      ...runningNode(),
      status: { ...status, ...(recorded !== undefined && { currentSidecarImage: recorded }) },
    };
    expect(drift(node)).toEqual([]);
  });

  it("does not roll because the installation's sidecar image changed", () => {
    expect(drift(withPlatformSidecar('seictl:older'), [pod({ sidecarImage: 'x' })])).toEqual([]);
  });

  it('rolls for it where the installation asks for that', () => {
    const enabled = { rollOnPlatformSidecarImage: true };
    expect(drift(withPlatformSidecar('seictl:older'), [], enabled)).toEqual([
      { kind: 'sidecar-image', current: 'seictl:older', wanted: DEFAULT_SIDECAR },
    ]);
    expect(
      drift(withPlatformSidecar(DEFAULT_SIDECAR), [pod({ sidecarImage: 'x' })], enabled),
    ).toEqual([{ kind: 'pod-image', pod: 'n0-0', wanted: DEFAULT_SIDECAR }]);
  });

  it('finishes an update whose end nobody recorded', () => {
    expect(drift(runningNode({ status: { conditions: [updating] } }))).toEqual([
      { kind: 'unfinished-update' },
    ]);
    const over: Condition = { ...updating, status: 'False', reason: 'UpdateComplete' };
    expect(drift(runningNode({ status: { conditions: [over] } }))).toEqual([]);
  });

  it('sees a pod of another image under a status that claims the target', () => {
    expect(drift(runningNode(), [pod({ image: V2 })])).toEqual([
      { kind: 'pod-image', pod: 'n0-0', wanted: V1 },
    ]);
    expect(drift(runningNode(), [pod({ sidecarImage: 'seictl:v0' })])).toEqual([
      { kind: 'pod-image', pod: 'n0-0', wanted: SIDECAR },
    ]);
  });

  it('takes a pod that is being deleted, or that has no seid, for no evidence', () => {
    expect(drift(runningNode(), [pod({ image: V2, deletionTimestamp: EARLIER })])).toEqual([]);
    expect(drift(runningNode(), [{ ...pod(), containers: [] }])).toEqual([]);
    expect(drift(runningNode(), [])).toEqual([]);
  });

  it('does not repeat by the pod what status says already', () => {
    expect(drift(runningNode({ spec: { image: V2 } }), [pod()])).toHaveLength(1);
  });

  it('takes a pod whose image admission rewrote for what was asked for', () => {
    const mirrored = { ...pod({ image: 'mirror/sei:v1' }), revision: revisionOf(V1) };
    const observed = { name: mirrored.name, uid: mirrored.uid, image: 'mirror/sei:v1' };
    expect(drift(runningNode({ status: { pod: observed } }), [mirrored])).toEqual([]);
    // The revision of a pod that nobody has observed yet shows that it was made so.
    const node = runningNode();
    const target = targetFor(node, DEFAULT_SIDECAR);
    expect(driftOf(node, [mirrored], target, policy, statefulSet())).toEqual([]);
    const behind = statefulSet({ generation: 2 });
    expect(driftOf(node, [mirrored], target, policy, behind)).toHaveLength(1);
  });

  it('sees that somebody edited the pod that was observed', () => {
    const edited = pod({ image: V1, containers: { [SEID_CONTAINER]: { image: 'sei:v9' } } });
    const observed = { name: edited.name, uid: edited.uid, image: V1 };
    const node = runningNode({ status: { pod: observed } });
    expect(driftOf(node, [edited], targetFor(node, ''), policy, statefulSet())).toEqual([
      { kind: 'pod-image', pod: 'n0-0', wanted: V1 },
    ]);
  });

  it('sees that somebody edited the sidecar of the pod, though its image does not bind', () => {
    const edited = pod({ containers: { [SIDECAR_CONTAINER]: { image: 'debug' } } });
    const observed = { name: edited.name, uid: edited.uid, image: V1, sidecarImage: SIDECAR };
    const node = runningNode({ spec: { sidecar: {} }, status: { pod: observed } });
    expect(drift(node, [edited])).toHaveLength(1);
  });

  it('is an update that failed after its image had started', () => {
    const failed = { ...updating, status: 'False', reason: 'UpdateFailed' } as const;
    const status = {
      conditions: [failed],
      plan: plan({ phase: 'Failed', targetImage: V1, previousImage: 'sei:v0' }),
    };
    expect(drift(runningNode({ status }))).toEqual([{ kind: 'unfinished-update' }]);
  });

  it('obeys a rollback', () => {
    const rollback = { rejectedImage: V2, image: V1, generation: 2 };
    const node = runningNode({ spec: { image: V2 }, status: { rollback } });
    expect(drift(node)).toEqual([]);
    const onRejected = { ...node, status: { ...node.status, currentImage: V2 } };
    expect(drift(onRejected, [])).toEqual([{ kind: 'image', current: V2, wanted: V1 }]);
  });
});

describe('isSidecarImageBinding', () => {
  it('holds for an image of the spec, and for any where the installation says so', () => {
    expect(isSidecarImageBinding(runningNode(), policy)).toBe(true);
    expect(isSidecarImageBinding(withPlatformSidecar(''), policy)).toBe(false);
    expect(isSidecarImageBinding(runningNode({ spec: { sidecar: { image: '' } } }), policy)).toBe(
      false,
    );
    expect(
      isSidecarImageBinding(withPlatformSidecar(''), { rollOnPlatformSidecarImage: true }),
    ).toBe(true);
  });
});

describe('describeDrift', () => {
  it.each([
    [{ kind: 'image', current: V1, wanted: V2 }, 'seid sei:v1 -> sei:v2'],
    [{ kind: 'image', current: undefined, wanted: V2 }, 'seid (none) -> sei:v2'],
    [{ kind: 'sidecar-image', current: 'a', wanted: 'b' }, 'sidecar a -> b'],
    [{ kind: 'unfinished-update' }, 'an earlier update did not record its end'],
    [{ kind: 'pod-image', pod: 'n0-0', wanted: V2 }, 'pod n0-0 does not run sei:v2'],
    [{ kind: 'pod-revision', pod: 'n0-0' }, 'pod n0-0 has lost its label controller-revision-hash'],
  ] as const)('says %o in one clause', (one, text) => {
    expect(describeDrift(one)).toBe(text);
  });
});
