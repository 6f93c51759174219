import { expect, it } from 'vitest';

import { describeFinding } from '../../../domain/owned/owned-finding.ts';

it.each([
  [{ kind: 'missing', object: 'Service' }, 'Service is missing'],
  [{ kind: 'impostor', uid: 'u' }, 'StatefulSet has UID u, which is not the tracked one'],
  [
    { kind: 'drifted', object: 'StatefulSet', fields: ['spec.replicas', 'metadata.labels.a'] },
    'StatefulSet drifted: spec.replicas, metadata.labels.a',
  ],
  [{ kind: 'invalid-spec', message: 'spec.chainId is "a b"' }, 'spec.chainId is "a b"'],
] as const)('says %o in one clause', (finding, text) => {
  expect(describeFinding(finding)).toBe(text);
});
