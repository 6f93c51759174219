import { describe, expect, it } from 'vitest';

import { SEI_NODE_TYPE } from '../../domain/node/sei-node.ts';
import { coreEvent } from '../../kubernetes/core-event.ts';

const EVENT = {
  about: { ...SEI_NODE_TYPE, namespace: 'ns', name: 'n0', uid: 'u' },
  name: 'n0.1',
  type: 'Normal',
  reason: 'UpdateStarted',
  message: 'from a to b',
  at: '2026-01-01T00:00:00.123Z',
} as const;

it('is about the node, and carries the time that kubectl sorts by', () => {
  const at = new Date('2026-01-01T00:00:00.123Z');
  expect(coreEvent(EVENT)).toMatchObject({
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

it('is about an object of any kind', () => {
  const about = { ...EVENT.about, apiVersion: 'sei.io/v2', kind: 'SeiNodeDeployment' };
  expect(coreEvent({ ...EVENT, about }).involvedObject).toEqual(about);
});

it('has the microseconds that the API server reads', () => {
  expect(JSON.stringify(coreEvent(EVENT).eventTime)).toBe('"2026-01-01T00:00:00.123000Z"');
});

describe('its message', () => {
  it('of 1,024 bytes is kept', () => {
    const message = 'x'.repeat(1_024);
    expect(coreEvent({ ...EVENT, message }).message).toBe(message);
  });

  it.each(['x', 'ü', '€'])('that is longer is cut between characters: %s', (character) => {
    const { message = '' } = coreEvent({ ...EVENT, message: `a${character.repeat(1_024)}` });
    expect(message).toMatch(new RegExp(`^a${character}+…$`));
    expect(Buffer.byteLength(message)).toBeGreaterThan(1_024 - Buffer.byteLength(character) - 1);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1_024);
  });
});
