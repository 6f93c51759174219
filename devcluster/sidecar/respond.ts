import type { SidecarCall } from './sidecar-call.ts';
import type { SidecarProcess } from './sidecar-process.ts';
import type { ParsedSubmission } from './submission.ts';

export interface SidecarResponse {
  readonly status: number;
  /** The body, sent as JSON; without it the response has none. */
  readonly body?: unknown;
}

export interface StoreHealth {
  /** True while the store on the volume cannot be used. */
  readonly storeFails: boolean;
}

/** Performs a call and gives the answer that the real sidecar gives. */
export function respond(
  process: SidecarProcess,
  call: SidecarCall,
  { storeFails }: StoreHealth,
): SidecarResponse {
  switch (call.kind) {
    case 'healthz':
      return { status: process.ready ? 200 : 503 };
    case 'livez':
      return { status: storeFails ? 503 : 200 };
    case 'status':
      return { status: 200, body: { status: process.ready ? 'Ready' : 'Initializing' } };
    case 'submit-task':
      // Every refusal is a 400, even one that would pass on its own.
      return storeFails ? { status: 400, body: STORE_ERROR } : submit(process, call.submission);
    case 'get-task':
      return storeFails ? { status: 500, body: STORE_ERROR } : read(process, call.taskId);
    case 'delete-task':
      if (storeFails) return { status: 503, body: STORE_ERROR };
      return { status: process.forget(call.taskId) ? 204 : 404 };
    case 'node-id':
      return { status: 200, body: { nodeId: process.volume.nodeId } };
    case 'unknown':
      return { status: 404, body: { error: 'there is no such call' } };
  }
}

const STORE_ERROR = { error: 'task store: database is locked' };

function submit(process: SidecarProcess, parsed: ParsedSubmission): SidecarResponse {
  if (parsed.kind === 'invalid') return { status: 400, body: { error: parsed.error } };
  process.submit(parsed.submission);
  return { status: 201, body: { id: parsed.submission.id } };
}

function read(process: SidecarProcess, taskId: string): SidecarResponse {
  const task = process.volume.tasks.get(taskId);
  if (task === undefined) return { status: 404, body: { error: `there is no task ${taskId}` } };
  return { status: 200, body: task };
}
