import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import type { SidecarRoundInput } from '../../activities/contract/sidecar-round.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { createSidecarLookShare } from '../../activities/shared/sidecar-looks.ts';
import type { TaskRun } from '../../devcluster/sidecar/sidecar-process.ts';
import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { NewEvent } from '../../kubernetes/cluster.ts';
import type { SidecarTarget } from '../../sidecar/sidecar-client.ts';
import { FakeSidecar, KEEPS_RUNNING } from '../support/cluster/fake-sidecar.ts';
import {
  DEFAULT_SIDECAR,
  NODE,
  NOW,
  pod,
  seiNode,
  SIDECAR,
  STATEFUL_SET_UID,
  V1,
} from '../support/sei-node.ts';

const SILENT = new DefaultLogger('ERROR', () => undefined);

export const TASK_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** The pod that was observed. */
export const POD: PodView = pod({ uid: 'pod-uid', ip: '127.0.0.1' });

export const ROUND: SidecarRoundInput = {
  node: NODE,
  planId: 'plan-1',
  target: { image: V1, sidecarImage: SIDECAR, replicas: 1 },
  generation: 1,
  statefulSet: { uid: STATEFUL_SET_UID, generation: 1 },
  pod: { name: POD.name, uid: POD.uid, ip: POD.ip, image: V1, sidecarImage: SIDECAR },
  taskId: TASK_ID,
  known: undefined,
};

/** Where the sidecar of that pod is asked. */
const TARGET: SidecarTarget = { node: NODE, pod: { name: POD.name, ip: POD.ip } };

/** Activities that give a sidecar work, over a node and a pod that the test may change. */
export class TaskBed {
  node: SeiNode = seiNode();
  pods: readonly PodView[] = [POD];
  readonly sidecar = new FakeSidecar();
  readonly events: NewEvent[] = [];
  readonly heartbeats: string[] = [];
  readonly deps: ActivityDeps;

  constructor() {
    this.deps = {
      cache: { node: () => this.node, pods: () => this.pods, nodes: () => [this.node] },
      api: {
        getNode: async () => this.node,
        listPods: async () => this.pods,
        getPod: async ({ name }: ObjectKey) => this.pods.find((pod) => pod.name === name),
        patchNodeStatus: async (before: SeiNode, status: SeiNode['status']) => {
          this.node = { ...before, ...(status && { status }) };
          return this.node;
        },
        createEvent: async (event: NewEvent) => void this.events.push(event),
      },
      sidecar: this.sidecar,
      sidecarLooks: createSidecarLookShare(),
      policy: { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR },
      logger: { warn: () => undefined },
      now: () => new Date(NOW),
      // What these activities do not ask for is not there.
    } as unknown as ActivityDeps;
  }

  /** What the sidecar was given by then does not count as submitted in the test. */
  async given(type: string, id = TASK_ID): Promise<void> {
    await this.sidecar.submitTask({ ...TARGET, id, type });
    this.sidecar.calls.length = 0;
    this.sidecar.submissions.length = 0;
  }

  /** The task runs until it is asked for the nth time from now, and ends like this right before the answer. */
  endAtQuestion(nth: number, run: TaskRun): void {
    this.sidecar.runOf = () => KEEPS_RUNNING;
    this.atQuestion(nth, () => this.end(run));
  }

  atQuestion(nth: number, happens: () => void): void {
    for (let earlier = 1; earlier < nth; earlier += 1) {
      this.sidecar.beforeNext('getTask', () => undefined);
    }
    this.sidecar.beforeNext('getTask', happens);
  }

  /** What runs ends like this. */
  end(run: TaskRun): void {
    this.sidecar.endTasks(TARGET, run);
  }

  /** @param attempt the number of the attempt, as Temporal counts them. */
  run<Input, Result>(
    activity: (input: Input) => Promise<Result>,
    input: Input,
    attempt = 1,
  ): Promise<Result> {
    return this.environment(attempt).run(activity, input);
  }

  environment(attempt = 1): MockActivityEnvironment {
    const environment = new MockActivityEnvironment({ attempt }, { logger: SILENT });
    environment.on('heartbeat', (details: string) => this.heartbeats.push(details));
    return environment;
  }
}
