import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';

import type { ApiFailure } from '../kubernetes/api/errors.ts';
import { classifyApiError } from '../kubernetes/api/errors.ts';
import type { SidecarFailure } from '../sidecar/sidecar-error.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';

export interface CallErrorMetrics {
  apiFailed(error: unknown): void;
  sidecarFailed(call: SidecarCall, error: unknown): void;
}

const SIDECAR_CALLS = ['submit-task', 'get-task', 'healthz'] as const;
export type SidecarCall = (typeof SIDECAR_CALLS)[number];

const API_CLASSES = {
  notFound: true,
  conflict: true,
  alreadyExists: true,
  gone: true,
  tooManyRequests: true,
  unauthorized: true,
  forbidden: true,
  invalid: true,
  unavailable: true,
  other: true,
} as const satisfies Record<ApiFailure['kind'], true>;

const SIDECAR_CLASSES = ['refused', 'unreachable', 'timeout', 'no-token', 'http-4xx', 'http-5xx'];

/** Counts failed calls by class. An absent object that a caller asks for is no failure. */
export function createCallErrorMetrics(registry: Registry): CallErrorMetrics {
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
  // Creates each series at zero: an increase needs a start, and the very first errors matter most.
  for (const kind of Object.keys(API_CLASSES)) api.inc({ class: kind }, 0);
  for (const call of SIDECAR_CALLS) {
    for (const kind of SIDECAR_CLASSES) sidecar.inc({ call, class: kind }, 0);
  }
  return {
    apiFailed: (error) => api.inc({ class: classifyApiError(error).kind }),
    sidecarFailed: (call, error) => sidecar.inc({ call, class: classOf(error) }),
  };
}

function classOf(error: unknown): string {
  return error instanceof SidecarError ? classOfFailure(error.failure) : 'other';
}

/** Groups status codes by their hundred: the proxy of a sidecar may answer with any. */
function classOfFailure(failure: SidecarFailure): string {
  return failure.kind === 'http' ? `http-${Math.trunc(failure.status / 100)}xx` : failure.kind;
}
