import type { V1Container, V1PodTemplateSpec } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import { SIDECAR_CONTAINER } from '../domain/pod/pod-view.ts';
import { InvalidSpecError } from './invalid-spec.ts';
import { operatorKeyringSecret } from './operator-keyring.ts';

/**
 * Refuses a pod in which a container other than the sidecar would get the operator account's Secrets. Reads
 * the finished template, so that a change of the rendering cannot get around it either.
 *
 * @throws InvalidSpecError
 */
export function guardOperatorKeyring(node: SeiNode, template: V1PodTemplateSpec): void {
  const keyring = operatorKeyringSecret(node.spec);
  if (keyring === undefined) return;
  const secrets = [keyring.secretName, keyring.passphraseSecretRef.secretName];
  const containers = [
    ...(template.spec?.initContainers ?? []),
    ...(template.spec?.containers ?? []),
  ];
  for (const container of containers) {
    if (container.name === SIDECAR_CONTAINER) continue;
    const leaked = secretsOf(container, template).find((secret) => secrets.includes(secret));
    if (leaked === undefined) continue;
    throw new InvalidSpecError({
      node: node.metadata,
      field: 'spec.validator.operatorKeyring.secret',
      value: JSON.stringify(leaked),
      reason: `container ${container.name} would be handed this Secret, and only the sidecar may`,
      remedy: 'put the keyring and its passphrase into Secrets that nothing else of the node names',
    });
  }
}

/** Returns the Secrets that a container gets, as files or in its environment. */
function secretsOf(container: V1Container, template: V1PodTemplateSpec): readonly string[] {
  const mounted = (container.volumeMounts ?? []).map(
    (mount) =>
      template.spec?.volumes?.find((volume) => volume.name === mount.name)?.secret?.secretName,
  );
  const single = (container.env ?? []).map((variable) => variable.valueFrom?.secretKeyRef?.name);
  const whole = (container.envFrom ?? []).map((source) => source.secretRef?.name);
  return [...mounted, ...single, ...whole].filter((name) => name !== undefined);
}
