import { describe, expect, it } from 'vitest';

import { entryOfEvent, inOrder, runNarrator } from '../../../cli/node/log-entry.ts';
import type { RunEvent } from '../../../cli/node/run-event.ts';
import { stepDurations } from '../../../cli/node/step-durations.ts';

const EVENTS: readonly RunEvent[] = [
  { id: '1', atMs: 1_000, kind: 'run-started', type: 'nodeUpdate' },
  { id: '5', atMs: 1_100, kind: 'step-scheduled', step: 'replace-pod' },
  { id: '6', atMs: 1_150, kind: 'step-retried', scheduled: '5', attempt: 3, message: 'conflict' },
  { id: '7', atMs: 1_200, kind: 'step-ended', scheduled: '5', how: 'completed' },
  { id: '8', atMs: 1_300, kind: 'step-scheduled', step: 'observe-image' },
  { id: '9', atMs: 1_400, kind: 'step-ended', scheduled: '8', how: 'completed' },
  { id: '10', atMs: 1_500, kind: 'step-scheduled', step: 'observe-image' },
  { id: '11', atMs: 1_600, kind: 'signalled', name: 'observed' },
];

describe('how long steps took', () => {
  it('is from the first attempt to the last end, or to now', () => {
    expect([...stepDurations(EVENTS, 0, 2_000)]).toEqual([
      ['replace-pod', 100],
      ['observe-image', 700],
    ]);
  });

  it('leaves out what began before the plan did', () => {
    expect([...stepDurations(EVENTS, 1_250, 2_000)]).toEqual([['observe-image', 700]]);
  });
});

describe('what a run did', () => {
  it('shows the names of the steps, and how long each took', () => {
    const told = EVENTS.map(runNarrator('run-1')).map(({ what, message }) => `${what}: ${message}`);
    expect(told).toEqual([
      'run-started: nodeUpdate, run run-1',
      'step-began: replace-pod',
      'step-retried: replace-pod, attempt 3: conflict',
      'step-ended: replace-pod completed after 100 ms',
      'step-began: observe-image',
      'step-ended: observe-image completed after 100 ms',
      'step-began: observe-image',
      'signal: observed',
    ]);
  });

  it.each([
    [{ kind: 'run-ended', how: 'terminated', message: 'by kim' }, 'terminated: by kim', true],
    [{ kind: 'run-ended', how: 'continued as new' }, 'continued as new', false],
    [{ kind: 'update-accepted', name: 'pause' }, 'pause', false],
    [{ kind: 'update-refused', message: 'not held' }, 'not held', true],
    [
      { kind: 'step-ended', scheduled: '99', how: 'failed', message: 'quota' },
      '(unknown step) failed after 0 ms: quota',
      true,
    ],
  ] as const)('marks what is bad news: %o', (detail, message, isWarning) => {
    const entry = runNarrator('run-1')({ id: '2', atMs: 1, ...detail });
    expect(entry).toMatchObject({ message, isWarning });
  });

  it('comes before the Event about it in the same second', () => {
    const event = entryOfEvent({
      type: 'Warning',
      reason: 'Stalled',
      message: 'no room',
      count: 3,
      atMs: 1_000,
      resolutionMs: 1_000,
    });
    expect(event).toMatchObject({ message: 'no room (3 times)', isWarning: true });
    const run = EVENTS.map(runNarrator('run-1'));
    expect(inOrder([event, ...run]).findIndex((entry) => entry === event)).toBe(EVENTS.length);
  });
});
