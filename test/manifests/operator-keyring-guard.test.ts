import { describe, expect, it } from 'vitest';

import { guardOperatorKeyring } from '../../manifests/operator-keyring-guard.ts';
import { podTemplateFor } from '../../manifests/pod-template.ts';
import { platform, signingValidator, target } from './fixtures.ts';

const node = signingValidator();

describe('guardOperatorKeyring', () => {
  it('admits the template as it is rendered', () => {
    expect(() => guardOperatorKeyring(node, podTemplateFor(node, target, platform))).not.toThrow();
  });

  it.each([
    ['a mount', { volumeMounts: [{ name: 'operator-keyring', mountPath: '/keys' }] }],
    [
      'a variable',
      {
        env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'passphrase-secret', key: 'p' } } }],
      },
    ],
    ['a whole environment', { envFrom: [{ secretRef: { name: 'passphrase-secret' } }] }],
  ])('refuses another container that would see the keyring by %s', (_name, seen) => {
    const template = podTemplateFor(node, target, platform);
    template.spec?.containers.push({ name: 'intruder', image: 'intruder:v1', ...seen });
    expect(() => guardOperatorKeyring(node, template)).toThrow(
      'SeiNode nodes/atlantic-validator-0: spec.validator.operatorKeyring.secret is',
    );
  });
});
