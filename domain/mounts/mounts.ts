/** Decides about mounts of a node's pod that others make: without them, the pod is created and never starts. */
import { assertNever } from '../assert-never.ts';
import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition } from '../node/condition.ts';
import type { SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from '../node/sei-node.ts';
import type { StallReason } from '../node/stall-reason.ts';
import type { Stall } from '../node/stall.ts';
import { stallOf } from '../node/stall.ts';

type KeyCondition = 'SigningKeyReady' | 'NodeKeyReady' | 'OperatorKeyringReady';

export interface KeyMount {
  readonly condition: KeyCondition;
  /** The Secret that holds the key. */
  readonly key: SecretMount;
  /** All Secrets that the key needs: a keyring has a passphrase beside it. */
  readonly secrets: readonly SecretMount[];
}

interface SecretMount {
  readonly name: string;
  /** The field of the spec that names it. */
  readonly field: string;
}

/** The knowledge about a Secret. Nobody reads its contents. */
export type SecretState =
  | 'there'
  | 'terminating'
  | 'missing'
  /** The installation does not let the worker ask. */
  | 'not-checked';

/** The fields of a claim that decide whether a pod can mount it. */
export interface ClaimView {
  readonly name: string;
  readonly phase: string | undefined;
  readonly accessModes: readonly string[];
  /** RFC 3339; set once somebody deletes it, which nobody can undo. */
  readonly deletionTimestamp: string | undefined;
}

export interface MountFinding {
  /** Undefined if no condition reports it, as for the claim that the operator makes itself. */
  readonly condition: ConditionUpdate | undefined;
  readonly verdict:
    | { readonly kind: 'usable' }
    /** The node waits: this can be fixed without a change of the node. */
    | { readonly kind: 'stalled'; readonly stall: Stall }
    /** It can never be used as it is. */
    | { readonly kind: 'invalid'; readonly message: string };
}

const USABLE = { kind: 'usable' } as const;

/** The reasons of stalls that this file sets, so that it can also clear them. */
const STALL_REASONS: readonly (string | undefined)[] = [
  'SecretNotFound',
  'PVCNotReady',
  'DataVolumeTerminating',
] satisfies readonly StallReason[];

/** Returns the keys of a validator that its spec takes from Secrets. */
export function keyMounts({ validator }: SeiNodeSpec): readonly KeyMount[] {
  const { signingKey, nodeKey, operatorKeyring } = validator ?? {};
  const keyring = operatorKeyring?.secret;
  const at = 'spec.validator';
  const mounts: KeyMount[] = [];
  if (signingKey !== undefined) {
    const name = signingKey.secret.secretName;
    const key = { name, field: `${at}.signingKey.secret.secretName` };
    mounts.push({ condition: 'SigningKeyReady', key, secrets: [key] });
  }
  if (nodeKey !== undefined) {
    const name = nodeKey.secret.secretName;
    const key = { name, field: `${at}.nodeKey.secret.secretName` };
    mounts.push({ condition: 'NodeKeyReady', key, secrets: [key] });
  }
  if (keyring !== undefined) {
    const field = `${at}.operatorKeyring.secret`;
    const key = { name: keyring.secretName, field: `${field}.secretName` };
    const passphrase = {
      name: keyring.passphraseSecretRef.secretName,
      field: `${field}.passphraseSecretRef.secretName`,
    };
    mounts.push({ condition: 'OperatorKeyringReady', key, secrets: [key, passphrase] });
  }
  return mounts;
}

/** Returns the finding about a key: the first of its Secrets that is not there decides. */
export function keyFinding(mount: KeyMount, stateOf: (name: string) => SecretState): MountFinding {
  const type = mount.condition;
  for (const { name, field } of mount.secrets) {
    const state = stateOf(name);
    switch (state) {
      case 'there':
        break;
      case 'not-checked':
        return {
          condition: {
            type,
            status: 'Unknown',
            reason: 'NotChecked',
            message: `whether Secret ${name} (${field}) exists is not checked: the installation does not use the component secret-check`,
          },
          verdict: USABLE,
        };
      case 'missing':
      case 'terminating': {
        const what = state === 'missing' ? 'does not exist' : 'is being deleted';
        const message = `Secret ${name} (${field}) ${what}: create it; its pod is neither made nor replaced before`;
        const reason = 'SecretNotFound';
        return {
          condition: { type, status: 'False', reason, message },
          verdict: { kind: 'stalled', stall: { reason, message } },
        };
      }
      default:
        return assertNever(state);
    }
  }
  const names = mount.secrets.map(({ name }) => name).join(' and ');
  return {
    condition: {
      type,
      status: 'True',
      reason: 'SecretFound',
      message: `Secret ${names} found; what it contains is not read`,
    },
    verdict: USABLE,
  };
}

/**
 * Returns the finding about a claim that the node imports.
 *
 * @param claim undefined if it does not exist.
 */
export function importFinding(name: string, claim: ClaimView | undefined): MountFinding {
  const type = 'ImportPVCReady';
  const what = `PersistentVolumeClaim ${name} (spec.dataVolume.import.pvcName)`;
  const invalid = (problem: string): MountFinding => {
    const message = `${what} ${problem}`;
    return {
      condition: { type, status: 'False', reason: 'PVCInvalid', message },
      verdict: { kind: 'invalid', message },
    };
  };
  const reason = 'PVCNotReady';
  if (claim === undefined) {
    const message = `${what} does not exist: create it; the pod is neither made nor replaced before it is there`;
    return {
      condition: { type, status: 'False', reason, message },
      verdict: { kind: 'stalled', stall: { reason, message } },
    };
  }
  const terminating = terminatingVolume(what, claim);
  if (terminating !== undefined) {
    return {
      condition: { type, status: 'False', reason, message: terminating.message },
      verdict: { kind: 'stalled', stall: terminating },
    };
  }
  if (claim.phase === 'Lost') return invalid('has lost its volume: restore the volume');
  if (!claim.accessModes.includes('ReadWriteOnce')) {
    const modes = claim.accessModes.join(', ');
    return invalid(
      `has access modes ${modes === '' ? '(none)' : modes}, and the node needs ReadWriteOnce: make a claim with it, and send retry`,
    );
  }
  if (claim.phase !== 'Bound') {
    return {
      condition: {
        type,
        status: 'Unknown',
        reason: 'PVCNotBound',
        message: `${what} is not bound to a volume yet; some storage classes bind it when a pod uses it`,
      },
      verdict: USABLE,
    };
  }
  return {
    condition: { type, status: 'True', reason: 'PVCValidated', message: `${what} can be used` },
    verdict: USABLE,
  };
}

/** Returns the finding about the claim that the operator has made. */
export function dataClaimFinding(name: string, claim: ClaimView | undefined): MountFinding {
  const what = `PersistentVolumeClaim ${name}`;
  const stall: Stall | undefined =
    claim === undefined
      ? {
          reason: 'PVCNotReady',
          message: `${what} does not exist: restore it; a pod would wait for it`,
        }
      : terminatingVolume(what, claim);
  return {
    condition: undefined,
    verdict: stall === undefined ? USABLE : { kind: 'stalled', stall },
  };
}

/**
 * Returns the stall of a node whose claim is being deleted, and which only the last pod that uses it still
 * keeps; undefined for any other claim.
 *
 * @param what the claim, and the field of the spec that names it
 */
export function terminatingVolume(
  what: string,
  { deletionTimestamp }: ClaimView,
): Stall | undefined {
  if (deletionTimestamp === undefined) return undefined;
  return {
    reason: 'DataVolumeTerminating',
    message: `${what} is being deleted since ${deletionTimestamp}, which nobody can take back, and the pod that uses it is the last that keeps it: the pod is not ended before it is gone. Keep its volume with the policy Retain (docs/stuck-roll.md), or copy the data, while the pod runs; then delete the pod and restore the claim, or delete the SeiNode`,
  };
}

/** Returns whether status says that such a claim stalls the node. */
export function isStalledByVolume({ status }: Pick<SeiNode, 'status'>): boolean {
  return stallOf(status)?.reason === 'DataVolumeTerminating';
}

/** Returns the conditions that do not report their finding yet. */
export function unrecordedConditions(
  findings: readonly MountFinding[],
  status: SeiNodeStatus | undefined,
): readonly ConditionUpdate[] {
  return findings.flatMap(({ condition }) => {
    if (condition === undefined) return [];
    const known = findCondition(status?.conditions, condition.type);
    const isKnown =
      known?.status === condition.status &&
      known.reason === condition.reason &&
      known.message === condition.message;
    return isKnown ? [] : [condition];
  });
}

/** Returns whether status says that a mount stalls the node. */
export function isStalledByMount({ status }: Pick<SeiNode, 'status'>): boolean {
  return STALL_REASONS.includes(stallOf(status)?.reason);
}
