import { WorkflowUpdateStage } from '@temporalio/client';

import { isConditionTrue } from '../../../domain/node/condition.ts';
import type { CommandKind, SteeringInput } from '../../../domain/plan/steering.ts';
import { NODE } from '../../support/sei-node.ts';
import type { FleetNode } from '../fleet/fleet-node.ts';

export const GOOD = 'sei:good';

/** What befalls a run in the middle of a step. */
export interface Intervention {
  readonly name: string;
  /** What the run is after from then on; the bad image is corrected once it has stalled the node. */
  readonly leadsTo: 'the old image' | 'the bad image' | 'the corrected image';
  /** Whether the pod that is there goes by it, and not by the roll. */
  readonly endsPod: boolean;
  /** Whether the run cancels the step that is under way. */
  readonly cancelsStep: boolean;
  /** Whether the update goes on under another plan, so that its stall is one of its own. */
  readonly endsPlan: boolean;
  /** Resolves once it is under way; what it resolves to completes it after the step was let go. */
  begin(node: FleetNode): Promise<() => Promise<unknown>>;
}

const nothingMore = async () => undefined;

export const INTERVENTIONS: readonly Intervention[] = [
  {
    name: 'superseded',
    leadsTo: 'the corrected image',
    endsPod: false,
    cancelsStep: true,
    endsPlan: false,
    begin: async (node) => {
      node.edit({ image: GOOD });
      return nothingMore;
    },
  },
  {
    name: 'paused and resumed',
    leadsTo: 'the bad image',
    endsPod: false,
    cancelsStep: true,
    endsPlan: false,
    begin: async (node) => {
      const pause = await sent(node, 'pause');
      return async () => {
        await pause.result();
        await (await sent(node, 'resume')).result();
      };
    },
  },
  {
    name: 'retried',
    leadsTo: 'the bad image',
    endsPod: false,
    cancelsStep: true,
    endsPlan: false,
    begin: async (node) => {
      const retry = await sent(node, 'retry');
      return () => retry.result();
    },
  },
  {
    name: 'rolled back',
    leadsTo: 'the old image',
    endsPod: false,
    cancelsStep: true,
    endsPlan: false,
    begin: async (node) => {
      const rollback = await sent(node, 'rollback');
      return () => rollback.result();
    },
  },
  {
    name: 'paused by its spec and unpaused',
    leadsTo: 'the bad image',
    endsPod: true,
    cancelsStep: true,
    endsPlan: true,
    begin: async (node) => {
      node.edit({ paused: true });
      return async () => {
        await node.until(
          'it is scaled to zero',
          ({ status }) => isConditionTrue(status?.conditions, 'Paused') && node.pods.length === 0,
        );
        node.edit({ paused: false });
      };
    },
  },
  {
    name: 'robbed of its StatefulSet',
    leadsTo: 'the bad image',
    endsPod: true,
    cancelsStep: false,
    endsPlan: false,
    begin: async (node) => {
      node.bed.cluster.deleteStatefulSet(NODE);
      await node.bed.cluster.atRest();
      return nothingMore;
    },
  },
];

/** The workers are restarted for many nodes at once, so the fleet does it and not the node. */
export const WORKER_RESTART: Intervention = {
  name: 'handed to other workers',
  leadsTo: 'the bad image',
  endsPod: false,
  cancelsStep: false,
  endsPlan: false,
  begin: async () => nothingMore,
};

/** Resolves once the run has accepted it. */
function sent(node: FleetNode, command: CommandKind) {
  return node.run.startUpdate<string, [SteeringInput]>(command, {
    args: [{ actor: 'a test', reason: 'the matrix' }],
    waitForStage: WorkflowUpdateStage.ACCEPTED,
  });
}
