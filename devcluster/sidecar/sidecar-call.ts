/** The calls of the sidecar's API, by the names that faults and the journal use. */
export const CALLS = [
  'healthz',
  'livez',
  'status',
  'submit-task',
  'get-task',
  'delete-task',
  'node-id',
  'unknown',
] as const;

export type CallName = (typeof CALLS)[number];

export interface SidecarCall {
  readonly name: CallName;
  /** The id in the path, '' when the call has none there. */
  readonly taskId: string;
}

/** Which call of the API a request is. */
export function callOf(method: string, path: string): SidecarCall {
  const taskId = /^\/v0\/tasks\/([^/]+)$/.exec(path)?.[1];
  if (taskId !== undefined) return { name: taskCall(method), taskId };
  return { name: plainCall(`${method} ${path}`), taskId: '' };
}

/** kube-rbac-proxy asks for no token on these, and the kubelet's probes have none. */
export function isOpenToAll(call: CallName): boolean {
  return call === 'healthz' || call === 'livez';
}

function taskCall(method: string): CallName {
  if (method === 'GET') return 'get-task';
  return method === 'DELETE' ? 'delete-task' : 'unknown';
}

function plainCall(request: string): CallName {
  switch (request) {
    case 'GET /v0/healthz':
    case 'GET /v0/startupz':
      return 'healthz';
    case 'GET /v0/livez':
      return 'livez';
    case 'GET /v0/status':
      return 'status';
    case 'POST /v0/tasks':
      return 'submit-task';
    case 'GET /v0/node-id':
      return 'node-id';
    default:
      return 'unknown';
  }
}
