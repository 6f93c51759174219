import { expect, it } from 'vitest';

import { coreEvent } from '../../kubernetes/core-event.ts';

it('is about the node, and carries the time that kubectl sorts by', () => {
  const event = coreEvent({
    node: { namespace: 'ns', name: 'n0', uid: 'u' },
    name: 'n0.1',
    type: 'Normal',
    reason: 'UpdateStarted',
    message: 'from a to b',
    at: '2026-01-01T00:00:00Z',
  });
  const at = new Date('2026-01-01T00:00:00Z');
  expect(event).toMatchObject({
    metadata: { namespace: 'ns', name: 'n0.1' },
    involvedObject: {
      apiVersion: 'sei.io/v1alpha1',
      kind: 'SeiNode',
      namespace: 'ns',
      name: 'n0',
      uid: 'u',
    },
    firstTimestamp: at,
    lastTimestamp: at,
    reportingComponent: 'seinode-controller',
    source: { component: 'seinode-controller' },
  });
});
