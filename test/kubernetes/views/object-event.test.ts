import { describe, expect, it } from 'vitest';

import { objectEvent } from '../../../kubernetes/views/object-event.ts';

const created = '2026-01-01T12:00:00Z';
const metadata = { name: 'n0.1', creationTimestamp: created };

describe('objectEvent', () => {
  it('counts one of core/v1 by its last timestamp', () => {
    const event = {
      metadata,
      type: 'Warning',
      reason: 'FailedCreate',
      message: 'exceeded quota',
      firstTimestamp: created,
      lastTimestamp: '2026-01-01T12:05:00Z',
      eventTime: null,
    };
    expect(objectEvent(event)).toEqual({
      isWarning: true,
      reason: 'FailedCreate',
      message: 'exceeded quota',
      firstSeen: created,
      lastSeen: '2026-01-01T12:05:00Z',
    });
  });

  it('counts one of events.k8s.io by its series', () => {
    const lastObservedTime = '2026-01-01T12:07:00.000000Z';
    const event = {
      metadata,
      eventTime: '2026-01-01T12:00:00.500000Z',
      series: { count: 2, lastObservedTime },
      lastTimestamp: null,
    };
    expect(objectEvent(event)).toMatchObject({ firstSeen: created, lastSeen: lastObservedTime });
  });

  it('has the time at which it was created, where nothing else says one', () => {
    const event = { metadata, type: 'Normal', reason: 'SuccessfulCreate' };
    expect(objectEvent(event)).toMatchObject({
      isWarning: false,
      message: '',
      firstSeen: created,
      lastSeen: created,
    });
  });
});
