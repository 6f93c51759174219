import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';

import { classifyApiError } from '../kubernetes/errors.ts';
import type { SidecarFailure } from '../sidecar/sidecar-error.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';

export interface CallErrorMetrics {
  apiFailed(error: unknown): void;
  sidecarFailed(call: SidecarCall, error: unknown): void;
}

export type SidecarCall = 'submit-task' | 'get-task' | 'healthz';

/** Calls that failed, by class. What a caller asks for and does not find is no failure. */
export function callErrorMetrics(registry: Registry): CallErrorMetrics {
  const registers = [registry];
  const api = new Counter({
    name: 'seinode_kubernetes_errors_total',
    help: 'Calls of the Kubernetes API that failed, by class; a conflict is decided anew at once.',
    labelNames: ['class'],
    registers,
  });
  const sidecar = new Counter({
    name: 'seinode_sidecar_errors_total',
    help: 'Calls of sidecars that failed, by call and class.',
    labelNames: ['call', 'class'],
    registers,
  });
  return {
    apiFailed: (error) => api.inc({ class: classifyApiError(error).kind }),
    sidecarFailed: (call, error) => sidecar.inc({ call, class: classOf(error) }),
  };
}

function classOf(error: unknown): string {
  return error instanceof SidecarError ? classOfFailure(error.failure) : 'other';
}

/** Status codes by their hundred: a sidecar's proxy may answer with any. */
function classOfFailure(failure: SidecarFailure): string {
  return failure.kind === 'http' ? `http-${Math.trunc(failure.status / 100)}xx` : failure.kind;
}
