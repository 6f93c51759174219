import { describe, expect, it } from 'vitest';

import type { Condition } from '../../../domain/node/condition.ts';
import { FINALIZER } from '../../../domain/node/sei-node.ts';
import type { OwnedFinding } from '../../../domain/owned/owned-finding.ts';
import type { DueWork } from '../../../domain/work/due-work.ts';
import { dueWork } from '../../../domain/work/due-work.ts';
import { combinations } from '../../support/combinations.ts';
import {
  DEFAULT_SIDECAR,
  EARLIER,
  NOW,
  pod,
  runningNode,
  statefulSet,
  V1,
  V2,
} from '../../support/sei-node.ts';

const FINDINGS = {
  'as rendered': [],
  missing: [{ kind: 'missing', object: 'StatefulSet' }],
  impostor: [{ kind: 'impostor', uid: 'another' }],
  drifted: [{ kind: 'drifted', object: 'Service', fields: ['spec.ports'] }],
  'invalid-spec': [{ kind: 'invalid-spec', message: 'spec.chainId' }],
} as const satisfies Readonly<Record<string, readonly OwnedFinding[]>>;

const ROWS = combinations({
  phase: ['Pending', 'Initializing', 'Running', 'Failed', 'Terminating'],
  deleted: ['no', 'held back by us', 'by nothing'],
  held: [false, true],
  image: [V1, V2],
  /** The pause in spec, and in status. */
  paused: ['never', 'now', 'recorded', 'over'],
  objects: ['as rendered', 'missing', 'impostor', 'drifted', 'invalid-spec'],
  stalled: [false, true],
  hasEndedRollback: [false, true],
  /** The result of a probe while status says that the sidecar is ready. */
  sidecar: [undefined, 'ready', 'not-ready', 'unreachable'],
  podRevision: ['newest', 'older', 'gone'],
});
type Row = (typeof ROWS)[number];

const isPaused = ({ paused }: Row) => paused === 'now' || paused === 'recorded';

/** Returns the kind of due work, with the needs of a sync. */
function dueIn(row: Row): string {
  const due = decided(row);
  return due.kind === 'nodeSync'
    ? `nodeSync: ${due.needs.map(({ kind }) => kind).join(', ')}`
    : due.kind;
}

function decided(row: Row): DueWork {
  const node = runningNode({
    metadata: {
      ...(row.deleted !== 'no' && { deletionTimestamp: EARLIER }),
      finalizers: row.deleted === 'by nothing' ? ['foregroundDeletion'] : [FINALIZER],
    },
    spec: { image: row.image, paused: isPaused(row) },
    status: {
      phase: row.phase,
      ...(row.hasEndedRollback && {
        rollback: { rejectedImage: 'sei:v9', image: V1, generation: 1 },
      }),
      ...(row.held && { hold: { reason: 'r', actor: 'a', since: NOW } }),
      conditions: [
        condition('Paused', row.paused === 'recorded' || row.paused === 'over'),
        condition('Stalled', row.stalled),
        condition('SidecarReady', true),
      ],
    },
  });
  const revision = row.podRevision === 'older' ? { revision: 'n0-older' } : {};
  const policy = { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR };
  const owned = FINDINGS[row.objects];
  const pods = row.podRevision === 'gone' ? [] : [pod(revision)];
  const around = { pods, statefulSet: statefulSet() };
  return dueWork({ node, ...around, owned, sidecar: row.sidecar }, policy);
}

function condition(type: string, holds: boolean): Condition {
  const status = holds ? 'True' : 'False';
  return { type, status, reason: 'R', message: '', lastTransitionTime: EARLIER };
}

/** Describes a sync of these needs; nothing if there are none. */
function sync(...needs: readonly (string | false)[]): string {
  const kinds = needs.filter((need) => need !== false);
  return kinds.length === 0 ? 'nothing' : `nodeSync: ${kinds.join(', ')}`;
}

const objects = (row: Row) => row.objects !== 'as rendered' && row.objects;
const stall = (row: Row) => row.stalled && 'settle-stall';
const rollback = (row: Row) => row.hasEndedRollback && 'end-rollback';

const pause = (row: Row) => (row.paused === 'now' || row.podRevision !== 'gone') && 'pause';

const servingNeeds = (row: Row) => [
  row.podRevision === 'gone' && 'pod-down',
  row.podRevision === 'older' && 'record-pod-currency',
  row.sidecar === 'not-ready' && 'mark-ready',
  row.sidecar === 'unreachable' && 'record-sidecar',
];

interface Rule {
  readonly rule: string;
  readonly holds: (row: Row) => boolean;
  readonly due: (row: Row) => string;
}

/** Read from the top: the first rule that holds for a row decides it. */
const RULES: readonly Rule[] = [
  {
    rule: 'a deleted node that we hold back is taken down, held or not, in any phase',
    holds: ({ deleted }) => deleted === 'held back by us',
    due: () => 'nodeDelete',
  },
  {
    rule: 'a deleted node that we do not hold back is let go',
    holds: ({ deleted }) => deleted === 'by nothing',
    due: () => 'nothing',
  },
  {
    rule: 'a held node is left as it is, but for its pod, which is to serve',
    holds: ({ held }) => held,
    due: (row) => {
      const isServing = row.phase === 'Running' && !isPaused(row);
      const isOver = row.sidecar === 'ready' && stall(row);
      const needs = isServing ? sync(...servingNeeds(row), isOver) : 'nothing';
      return needs === 'nothing' ? 'held' : needs;
    },
  },
  {
    rule: 'nothing is done about a Failed node, which a pause has no effect on',
    holds: ({ phase }) => phase === 'Failed',
    due: () => 'failed',
  },
  {
    rule: 'nothing is done about a node in phase Terminating that nobody deletes',
    holds: ({ phase }) => phase === 'Terminating',
    due: () => 'nothing',
  },
  {
    rule: 'a new node that is paused is given nothing, but kept at zero',
    holds: (row) => row.phase !== 'Running' && isPaused(row),
    due: (row) =>
      sync(row.objects !== 'missing' && objects(row), pause(row), stall(row), rollback(row)),
  },
  {
    rule: 'a new node is brought up, whatever else holds',
    holds: ({ phase }) => phase !== 'Running',
    due: () => 'nodeInit',
  },
  {
    rule: 'a paused node is kept at zero, until no pod of it is left, and is not rolled',
    holds: isPaused,
    due: (row) => sync(objects(row), pause(row), stall(row), rollback(row)),
  },
  {
    rule: 'an update comes before everything that converges without a roll',
    holds: ({ image }) => image === V2,
    due: () => 'nodeUpdate',
  },
  {
    rule: 'what is left converges without a roll',
    holds: () => true,
    due: (row) =>
      sync(
        objects(row),
        row.paused === 'over' && 'unpause',
        stall(row),
        rollback(row),
        ...servingNeeds(row),
      ),
  },
];

describe('dueWork, for every combination', () => {
  it.each(RULES)('$rule', (rule) => {
    const decidedByIt = ROWS.filter((row) => RULES.find(({ holds }) => holds(row)) === rule);
    expect(decidedByIt).not.toEqual([]);
    const wrong = decidedByIt
      .map((row) => ({ row, is: dueIn(row), wanted: rule.due(row) }))
      .filter(({ is, wanted }) => is !== wanted);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});
