import { parseSubmission } from './submission.ts';
import type { ParsedSubmission } from './submission.ts';

/** The calls of the sidecar's API, by the names that faults and the journal use. */
export const CALL_KINDS = [
  'healthz',
  'livez',
  'status',
  'submit-task',
  'get-task',
  'delete-task',
  'node-id',
  'unknown',
] as const;

export type CallKind = (typeof CALL_KINDS)[number];

export type SidecarCall =
  | { readonly kind: 'submit-task'; readonly submission: ParsedSubmission }
  | { readonly kind: 'get-task' | 'delete-task'; readonly taskId: string }
  | { readonly kind: Exclude<CallKind, 'submit-task' | 'get-task' | 'delete-task'> };

/** Returns the call of the API that a request makes. */
export function callOf(method: string, path: string, body: string): SidecarCall {
  const taskId = /^\/v0\/tasks\/([^/]+)$/.exec(path)?.[1];
  switch (taskId === undefined ? `${method} ${path}` : `${method} /v0/tasks/{id}`) {
    case 'GET /v0/healthz':
    case 'GET /v0/startupz':
      return { kind: 'healthz' };
    case 'GET /v0/livez':
      return { kind: 'livez' };
    case 'GET /v0/status':
      return { kind: 'status' };
    case 'GET /v0/node-id':
      return { kind: 'node-id' };
    case 'POST /v0/tasks':
      return { kind: 'submit-task', submission: parseSubmission(body) };
    case 'GET /v0/tasks/{id}':
      return { kind: 'get-task', taskId: taskId ?? '' };
    case 'DELETE /v0/tasks/{id}':
      return { kind: 'delete-task', taskId: taskId ?? '' };
    default:
      return { kind: 'unknown' };
  }
}

/** Returns whether kube-rbac-proxy asks for no token: the kubelet's probes have none. */
export function isOpenToAll(call: CallKind): boolean {
  return call === 'healthz' || call === 'livez';
}
