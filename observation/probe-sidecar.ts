import type { ObjectKey } from '../domain/node/node-ref.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import type { SidecarState } from '../domain/sidecar/sidecar-state.ts';
import type { SidecarClient } from '../sidecar/sidecar-client.ts';

/** Returns a probe of the healthz of a pod's sidecar. */
export function probeOf(
  { sidecar }: { readonly sidecar: Pick<SidecarClient, 'healthz'> },
  node: ObjectKey,
): (pod: PodView) => Promise<SidecarState> {
  return async ({ name, ip }) => {
    const health = await sidecar.healthz({ node, pod: { name, ip } });
    return typeof health === 'string' ? health : health.kind;
  };
}
