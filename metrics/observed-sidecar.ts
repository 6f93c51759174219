import type { SidecarClient } from '../sidecar/sidecar-client.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import type { CallErrorMetrics, SidecarCall } from './call-error-metrics.ts';
import { withErrorHook } from './error-hook.ts';

const CALLS = {
  submitTask: 'submit-task',
  getTask: 'get-task',
  healthz: 'healthz',
} as const satisfies Record<keyof SidecarClient, SidecarCall>;

/** Wraps the client so that failed calls are counted. A sidecar that is not ready yet has not failed. */
export function observedSidecar(sidecar: SidecarClient, errors: CallErrorMetrics): SidecarClient {
  const observed = withErrorHook(sidecar, (call, error) =>
    errors.sidecarFailed(CALLS[call], error),
  );
  return {
    ...observed,
    healthz: async (target) => {
      const health = await observed.healthz(target);
      if (typeof health === 'object') {
        errors.sidecarFailed('healthz', new SidecarError({ kind: 'unreachable' }, health.message));
      }
      return health;
    },
  };
}
