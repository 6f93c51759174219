import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import type { SidecarRoundInput } from '../../activities/contract/sidecar-round.ts';
import type { ActivityDeps } from '../../activities/deps.ts';
import { createSidecarLookShare } from '../../activities/sidecar-looks.ts';
import type { ObjectKey } from '../../domain/node-ref.ts';
import type { PodView } from '../../domain/pod-view.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import type { NewEvent } from '../../kubernetes/cluster.ts';
import { createSidecarClient } from '../../sidecar/sidecar-client.ts';
import type { ScriptedSidecar } from '../sidecar/scripted-sidecar.ts';
import { json, scriptedSidecar } from '../sidecar/scripted-sidecar.ts';
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

/** The answers of the sidecar to a submission, and then to each question for the task. */
export interface Script {
  submit?: readonly [status: number, body: unknown];
  /** Status of the task at each question; the last is repeated. `unknown` is answered with 404. */
  tasks?: readonly ('running' | 'completed' | 'failed' | 'unknown')[];
  error?: string;
  /** The connection breaks at questions of these numbers, from 0. */
  breaksAt?: readonly number[];
  /** The number of runs of the task. Default: 1. */
  runs?: number;
  hangs?: boolean;
  /** The gate is open: seid has been let through. */
  letThrough?: boolean;
  /** Tasks of these ids run, whatever else is asked. */
  running?: readonly string[];
}

/** Activities against a sidecar on the loopback, over a node and a pod that the test may change. */
export class TaskSidecar {
  node: SeiNode = seiNode();
  pods: readonly PodView[] = [POD];
  script: Script = {};
  /** True when the sidecar has the task before anybody submits it. */
  hasTask = true;
  readonly events: NewEvent[] = [];
  readonly heartbeats: string[] = [];
  readonly deps: ActivityDeps;
  readonly #http: ScriptedSidecar;
  #questions = 0;

  private constructor(http: ScriptedSidecar) {
    this.#http = http;
    http.answer = (response) => {
      const { submit = [201, { id: TASK_ID }], tasks = ['completed'], hangs = false } = this.script;
      if (hangs) return;
      const { method, path = '' } = this.#http.requests.at(-1) ?? {};
      if (method === 'POST') return json(...submit)(response);
      if (path === '/v0/healthz' && this.script.letThrough !== undefined) {
        return json(this.script.letThrough ? 200 : 503, {})(response);
      }
      const earlier = this.script.running?.find((id) => path.endsWith(id));
      if (earlier !== undefined) {
        return json(200, { id: earlier, type: 'a-task', status: 'running', run: 1 })(response);
      }
      if (!this.hasTask && this.submissions.length === 0) return json(404, {})(response);
      const question = this.#questions;
      this.#questions += 1;
      if (this.script.breaksAt?.includes(question) === true) {
        response.socket?.resetAndDestroy();
        return;
      }
      const status = tasks[Math.min(question, tasks.length - 1)] ?? 'unknown';
      if (status === 'unknown') return json(404, { error: 'not found' })(response);
      const { error, runs: run = 1 } = this.script;
      return json(200, { id: TASK_ID, type: 'a-task', status, run, error })(response);
    };
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
      sidecar: createSidecarClient({ addressTemplate: http.addressTemplate }),
      sidecarLooks: createSidecarLookShare(),
      policy: { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR },
      logger: { warn: () => undefined },
      now: () => new Date(NOW),
      // Left out: what these activities do not ask for.
    } as unknown as ActivityDeps;
  }

  static async open(): Promise<TaskSidecar> {
    return new TaskSidecar(await scriptedSidecar());
  }

  /** The number of calls to it. */
  get calls(): number {
    return this.#http.requests.length;
  }

  /** The bodies of what was submitted. */
  get submissions(): readonly unknown[] {
    return this.#http.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body) as unknown);
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

  close(): Promise<void> {
    return this.#http.close();
  }
}
