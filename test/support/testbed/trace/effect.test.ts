import { expect, it } from 'vitest';

import type { AuditEvent } from './audit-event.ts';
import { effectsOf } from './effect.ts';

const AT = '2026-01-01T12:00:00.000000Z';

/** Makes a delete with the answer of the API server. */
function deleteAnswered(answer: object): AuditEvent {
  return {
    requestURI: '/api/v1/namespaces/nodes/pods/a-0',
    verb: 'delete',
    userAgent: 'kubelet',
    objectRef: { resource: 'pods', namespace: 'nodes', name: 'a-0' },
    responseStatus: { code: 200 },
    responseObject: answer,
    requestReceivedTimestamp: AT,
    stageTimestamp: AT,
  };
}

it('knows a pod as removed whose last delete is answered with no version, because another was faster', () => {
  const metadata = { name: 'a-0', namespace: 'nodes', uid: 'uid-of-a-0' };
  expect(effectsOf(deleteAnswered({ kind: 'Pod', metadata }))).toEqual([
    { kind: 'removed-unseen', object: 'Pod', uid: 'uid-of-a-0' },
  ]);
});
