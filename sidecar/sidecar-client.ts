import type { ObjectKey } from '../domain/node/node-ref.ts';
import type { SidecarAddress, SidecarPod } from './sidecar-address.ts';
import { parseAddressTemplate, podAddress } from './sidecar-address.ts';
import { SidecarError } from './sidecar-error.ts';
import type { SidecarResponse } from './sidecar-http.ts';
import { createSidecarHttp } from './sidecar-http.ts';
import type { SidecarTask } from './sidecar-task.ts';
import { readRefusal, readSidecarTask } from './sidecar-task.ts';
import type { SidecarTokens } from './sidecar-tokens.ts';

export interface SidecarClientOptions {
  /** A template such as `http://{podIP}:{port}`. Default: the pod's IP, with the pod's DNS name as Host. */
  readonly addressTemplate?: string | undefined;
  /** Bearer tokens for all calls but healthz, which needs none. Default: the client sends none. */
  readonly tokens?: SidecarTokens | undefined;
  readonly timeouts?: Partial<SidecarTimeouts>;
}

/** Milliseconds. */
interface SidecarTimeouts {
  readonly connect: number;
  readonly healthz: number;
  readonly getTask: number;
  readonly submitTask: number;
}

export interface SidecarTarget {
  readonly node: ObjectKey;
  readonly pod: SidecarPod;
  /** The audience of the tokens that the pod admits; undefined for a pod that knows no audiences. */
  readonly audience?: string | undefined;
}

export interface TaskSubmission extends SidecarTarget {
  /** A UUID. The sidecar answers with success for one that it has completed, and does nothing. */
  readonly id: string;
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export type SidecarHealth =
  | 'ready'
  | 'not-ready'
  | { readonly kind: 'unreachable'; readonly message: string };

/** The client of a pod's sidecar. Every call is one bounded request; retries are the caller's policy. */
export interface SidecarClient {
  /** Returns once the sidecar has taken the task, which says nothing about its effect. */
  submitTask(submission: TaskSubmission): Promise<void>;
  /** Undefined if the sidecar knows no such task. */
  getTask(task: SidecarTarget & { readonly id: string }): Promise<SidecarTask | undefined>;
  /** Says whether the node is let through; never throws for a fault of the sidecar or the network. */
  healthz(target: SidecarTarget): Promise<SidecarHealth>;
}

const DEFAULT_TIMEOUTS: SidecarTimeouts = {
  // One hop inside a cluster: a pod that does not accept within two seconds is not there yet.
  connect: 2_000,
  // The original operator's time-out, and the shortest that any readiness probe gets.
  healthz: 2_000,
  // The sidecar reads one row.
  getTask: 5_000,
  // The sidecar writes to a database on the data volume, which may be slow under a node that is syncing.
  submitTask: 10_000,
};

/**
 * Returns a client that sends each request over a connection of its own.
 *
 * @throws Error if the address template cannot work for any node.
 */
export function createSidecarClient(options: SidecarClientOptions = {}): SidecarClient {
  const { addressTemplate, tokens } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const addressFor =
    addressTemplate === undefined ? podAddress : parseAddressTemplate(addressTemplate);
  const send = createSidecarHttp(timeouts.connect);

  const addressOf = ({ node, pod }: SidecarTarget): SidecarAddress => {
    const address = addressFor(node, pod);
    if (address !== undefined) return address;
    throw new SidecarError({ kind: 'unreachable' }, `pod ${pod.name} has no IP yet`);
  };
  /** Sends a request with a token, which it never sends again once the pod's proxy refuses it. */
  const sendWithToken = async (
    { audience }: SidecarTarget,
    request: Omit<Parameters<typeof send>[0], 'token'>,
  ): Promise<SidecarResponse> => {
    const token = await tokens?.tokenFor(audience);
    const response = await send({ ...request, token });
    if (response.status === 401) tokens?.refused(audience);
    return response;
  };

  return {
    submitTask: async (submission) => {
      const { id, type, params } = submission;
      const response = await sendWithToken(submission, {
        method: 'POST',
        address: addressOf(submission),
        path: '/v0/tasks',
        json: { id, type, params },
        timeoutMs: timeouts.submitTask,
      });
      // Older sidecars answer 202.
      if (response.status === 201 || response.status === 202) return;
      throw refusal(`task ${type}`, submission, response);
    },
    getTask: async (task) => {
      const response = await sendWithToken(task, {
        method: 'GET',
        address: addressOf(task),
        path: `/v0/tasks/${encodeURIComponent(task.id)}`,
        timeoutMs: timeouts.getTask,
      });
      if (response.status === 404) return undefined;
      const read = response.status === 200 ? readSidecarTask(response.text) : undefined;
      if (read === undefined) throw refusal(`a question for task ${task.id}`, task, response);
      return read;
    },
    healthz: async (target) => {
      try {
        const { status } = await send({
          method: 'GET',
          address: addressOf(target),
          path: '/v0/healthz',
          timeoutMs: timeouts.healthz,
        });
        if (status === 200) return 'ready';
        if (status === 503) return 'not-ready';
        return { kind: 'unreachable', message: `healthz answered ${status}` };
      } catch (err) {
        if (err instanceof SidecarError) return { kind: 'unreachable', message: err.message };
        throw err;
      }
    },
  };
}

function refusal(
  asked: string,
  { pod }: SidecarTarget,
  { status, text }: SidecarResponse,
): SidecarError {
  const message = `the sidecar of pod ${pod.name} answered ${status} to ${asked}: ${readRefusal(text)}`;
  return new SidecarError({ kind: 'http', status }, message);
}
