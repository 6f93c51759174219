import { createHash, randomUUID } from 'node:crypto';

import type { Task } from './task.ts';

/** The sidecar's files on the data volume, which outlive every pod that mounts it. */
export interface Volume {
  readonly tasks: Map<string, Task>;
  /** The identity of the node in the peer-to-peer network, whose key lies on the volume too. */
  readonly nodeId: string;
}

/** @param identity distinguishes this volume from any other, before and after it */
export function emptyVolume(identity: string): Volume {
  // A CometBFT node id is 20 bytes in hexadecimal.
  const nodeId = createHash('sha256').update(identity).digest('hex').slice(0, 40);
  return { tasks: new Map(), nodeId };
}

interface Claim {
  /** Undefined until the claim itself was seen: the watch of the pods may be ahead. */
  readonly uid: string | undefined;
  readonly volume: Volume;
}

/** Holds the volumes of all claims. A claim of the same name with another UID has another volume. */
export class Volumes {
  readonly #claims = new Map<string, Claim>();

  /** @param claim `namespace/name` */
  of(claim: string): Volume {
    const known = this.#claims.get(claim);
    if (known !== undefined) return known.volume;
    const volume = emptyVolume(randomUUID());
    this.#claims.set(claim, { uid: undefined, volume });
    return volume;
  }

  claimed(claim: string, uid: string): void {
    const known = this.#claims.get(claim);
    if (known?.uid === uid) return;
    const isFirst = known !== undefined && known.uid === undefined;
    this.#claims.set(claim, { uid, volume: isFirst ? known.volume : emptyVolume(uid) });
  }

  released(claim: string): void {
    this.#claims.delete(claim);
  }
}
