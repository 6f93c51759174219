import { assertNever } from '../assert-never.ts';
import type { OwnedFinding } from '../owned/owned-finding.ts';
import { describeFinding } from '../owned/owned-finding.ts';
import type { SidecarState } from '../sidecar/sidecar-state.ts';

/** One part of the due work that needs no roll. */
export type SyncNeed =
  | OwnedFinding
  /** The spec asks for a pause that status does not show yet, or a pod is there all the same. */
  | { readonly kind: 'pause' }
  /** Status shows a pause that is over. */
  | { readonly kind: 'unpause' }
  /** The cause of the stall may be over. */
  | { readonly kind: 'settle-stall' }
  /** spec.image is no longer the rejected image; if somebody sets that again, they mean it. */
  | { readonly kind: 'end-rollback' }
  /** Status is wrong about whether the pod runs the newest template. */
  | { readonly kind: 'record-pod-currency' }
  /** No pod serves: a run waits for one, and marks it ready. */
  | { readonly kind: 'pod-down'; readonly reason: string }
  /** The running pod differs from the one on status. */
  | { readonly kind: 'record-pod' }
  /** Status is wrong about whether the node's configuration is as its spec says. */
  | { readonly kind: 'record-config-currency' }
  /** The sidecar is ready again, and status still has the plan to mark it ready. */
  | { readonly kind: 'end-reapproval' }
  /** The last update failed, and nobody asks for its image any more. */
  | { readonly kind: 'settle-failure' }
  /** Status is about an older generation of the spec, though that leaves no work. */
  | { readonly kind: 'acknowledge-spec' }
  /** The sidecar has restarted inside its pod and blocks the node. */
  | { readonly kind: 'mark-ready' }
  | { readonly kind: 'record-sidecar'; readonly state: SidecarState };

/** Describes the need in one clause for summaries. */
export function describeNeed(need: SyncNeed): string {
  switch (need.kind) {
    case 'pause':
      return 'pause';
    case 'unpause':
      return 'unpause';
    case 'settle-stall':
      return 'see whether what held it back is over';
    case 'end-rollback':
      return 'record that the rollback is over';
    case 'record-pod-currency':
      return 'record whether the pod runs the newest template';
    case 'pod-down':
      return `wait for the pod: ${need.reason}`;
    case 'record-config-currency':
      return 'record which fields of the spec are in force';
    case 'end-reapproval':
      return 'record that the sidecar was marked ready';
    case 'record-pod':
      return 'record how the pod is';
    case 'settle-failure':
      return 'record that the failed update is not asked for any more';
    case 'acknowledge-spec':
      return 'record that the spec needs no work';
    case 'mark-ready':
      return 'mark the restarted sidecar ready';
    case 'record-sidecar':
      return `record that the sidecar is ${need.state}`;
    case 'missing':
    case 'impostor':
    case 'drifted':
    case 'invalid-spec':
      return describeFinding(need);
    default:
      return assertNever(need);
  }
}
