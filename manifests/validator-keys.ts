import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';

import type { SeiNodeSpec } from '../domain/node/sei-node.ts';
import { DATA_DIRECTORY } from './data-directory.ts';

/** Lets only the owner read: seid refuses keys that others can read. */
export const SECRET_FILE_MODE = 0o400;

interface ValidatorKey {
  readonly volume: string;
  readonly secretName: string;
  /** The data key in the Secret, and the file below seid's `config`. */
  readonly file: string;
}

export function validatorKeyVolumes(spec: SeiNodeSpec): V1Volume[] {
  return validatorKeys(spec).map(({ volume, secretName, file }) => ({
    name: volume,
    secret: {
      secretName,
      defaultMode: SECRET_FILE_MODE,
      // Mounts only the key, whatever else the Secret holds.
      items: [{ key: file, path: file }],
    },
  }));
}

/** Mounts the keys into seid alone. */
export function validatorKeyMounts(spec: SeiNodeSpec): V1VolumeMount[] {
  return validatorKeys(spec).map(({ volume, file }) => ({
    name: volume,
    mountPath: `${DATA_DIRECTORY}/config/${file}`,
    // The kubelet never refreshes a subPath: an edited Secret must not change the identity of a
    // running validator, which could then sign the same height with two keys.
    subPath: file,
    readOnly: true,
  }));
}

function validatorKeys(spec: SeiNodeSpec): readonly ValidatorKey[] {
  const { signingKey, nodeKey } = spec.validator ?? {};
  const keys: ValidatorKey[] = [];
  if (signingKey !== undefined) {
    keys.push({
      volume: 'signing-key',
      secretName: signingKey.secret.secretName,
      file: 'priv_validator_key.json',
    });
  }
  if (nodeKey !== undefined) {
    keys.push({ volume: 'node-key', secretName: nodeKey.secret.secretName, file: 'node_key.json' });
  }
  return keys;
}
