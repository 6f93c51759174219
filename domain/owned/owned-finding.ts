import { assertNever } from '../assert-never.ts';

/** The kinds of a node's objects that the operator keeps as rendered. */
export type OwnedKind = 'StatefulSet' | 'Service' | 'ConfigMap';

/** One way in which the objects of a node differ from its spec. */
export type OwnedFinding =
  | { readonly kind: 'missing'; readonly object: OwnedKind }
  /** Another StatefulSet has the name of the tracked one. */
  | { readonly kind: 'impostor'; readonly uid: string }
  | { readonly kind: 'drifted'; readonly object: OwnedKind; readonly fields: readonly string[] }
  /** The spec cannot be rendered. */
  | { readonly kind: 'invalid-spec'; readonly message: string };

/** Describes the finding in one clause for messages, such as `Service drifted: spec.selector`. */
export function describeFinding(finding: OwnedFinding): string {
  switch (finding.kind) {
    case 'missing':
      return `${finding.object} is missing`;
    case 'impostor':
      return `StatefulSet has UID ${finding.uid}, which is not the tracked one`;
    case 'drifted':
      return `${finding.object} drifted: ${finding.fields.join(', ')}`;
    case 'invalid-spec':
      return finding.message;
    default:
      return assertNever(finding);
  }
}
