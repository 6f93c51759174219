import type { V1EnvVar, V1Volume, V1VolumeMount } from '@kubernetes/client-node';

import type { OperatorKeyringSecret, SeiNodeSpec } from '../domain/node/sei-node.ts';
import { DATA_DIRECTORY } from './data-directory.ts';
import { SECRET_FILE_MODE } from './validator-keys.ts';

const KEYRING_VOLUME = 'operator-keyring';

/** Returns the Secrets of the operator account, if the node has one. */
export function operatorKeyringSecret(spec: SeiNodeSpec): OperatorKeyringSecret | undefined {
  return spec.validator?.operatorKeyring?.secret;
}

export function operatorKeyringVolumes(spec: SeiNodeSpec): V1Volume[] {
  const secret = operatorKeyringSecret(spec);
  if (secret === undefined) return [];
  return [
    {
      name: KEYRING_VOLUME,
      secret: { secretName: secret.secretName, defaultMode: SECRET_FILE_MODE },
    },
  ];
}

/** Mounts them into the sidecar alone. */
export function operatorKeyringMounts(spec: SeiNodeSpec): V1VolumeMount[] {
  if (operatorKeyringSecret(spec) === undefined) return [];
  return [
    // The Cosmos SDK looks for backend `file` in this directory below SEI_KEYRING_DIR.
    { name: KEYRING_VOLUME, mountPath: `${DATA_DIRECTORY}/keyring-file`, readOnly: true },
  ];
}

/**
 * Names the keyring that a validator's sidecar opens: the mounted one, or else the unencrypted one that a
 * genesis ceremony leaves on the data volume. Other modes have none.
 */
export function operatorKeyringEnvironment(spec: SeiNodeSpec): V1EnvVar[] {
  if (spec.validator === undefined) return [];
  const secret = operatorKeyringSecret(spec);
  const environment: V1EnvVar[] = [
    { name: 'SEI_KEYRING_BACKEND', value: secret === undefined ? 'test' : 'file' },
    { name: 'SEI_KEYRING_DIR', value: DATA_DIRECTORY },
  ];
  if (secret !== undefined) {
    const { secretName, key } = secret.passphraseSecretRef;
    environment.push({
      name: 'SEI_KEYRING_PASSPHRASE',
      valueFrom: { secretKeyRef: { name: secretName, key } },
    });
  }
  return environment;
}
