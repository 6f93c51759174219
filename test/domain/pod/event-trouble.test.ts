import { describe, expect, it } from 'vitest';

import { eventTrouble } from '../../../domain/pod/event-trouble.ts';
import type { EventSubject, ObjectEvent } from '../../../domain/pod/object-event.ts';
import { NOW } from '../../support/sei-node.ts';

const nowMs = Date.parse(NOW);
const ago = (seconds: number) => new Date(nowMs - seconds * 1_000).toISOString();
const of = (kind: EventSubject['kind']): EventSubject => ({
  kind,
  namespace: 'default',
  name: kind === 'Pod' ? 'n0-0' : 'n0',
  uid: 'uid',
});
const told = (reason: string, parts: Partial<ObjectEvent> = {}): ObjectEvent => ({
  isWarning: true,
  reason,
  message: 'exceeded quota: none',
  firstSeen: ago(3),
  lastSeen: ago(3),
  ...parts,
});
const good = (reason: string, lastSeen: string) => told(reason, { isWarning: false, lastSeen });
const reasonOf = (subject: EventSubject, ...events: readonly ObjectEvent[]) =>
  eventTrouble(subject, events, nowMs)?.reason;

describe('eventTrouble', () => {
  it('has the words of who said it, names the object, and says where to look', () => {
    expect(eventTrouble(of('StatefulSet'), [told('FailedCreate')], nowMs)).toEqual({
      reason: 'PodRefused',
      message:
        'StatefulSet n0: exceeded quota: none (look at the ResourceQuotas, LimitRanges and admission policies of the namespace)',
    });
    expect(eventTrouble(of('Pod'), [told('FailedMount')], nowMs)?.message).toBe(
      'Pod n0-0: exceeded quota: none',
    );
  });

  it.each([
    ['StatefulSet', 'FailedCreate', 'PodRefused'],
    ['StatefulSet', 'RecreatingFailedPod', undefined],
    ['StatefulSet', 'toString', undefined],
    ['Pod', 'FailedMount', 'FailedMount'],
    ['Pod', 'FailedMapVolume', 'FailedMount'],
    ['Pod', 'FailedAttachVolume', 'FailedAttachVolume'],
    ['Pod', 'FailedCreatePodSandBox', 'FailedCreatePodSandBox'],
    ['Pod', 'FailedCreate', undefined],
    ['Pod', 'BackOff', undefined],
  ] as const)('takes %s %s for %s', (kind, reason, trouble) => {
    expect(reasonOf(of(kind), told(reason))).toBe(trouble);
  });

  it.each([
    ['was made', 'StatefulSet', 'FailedCreate', 'SuccessfulCreate'],
    ['has its volume', 'Pod', 'FailedAttachVolume', 'SuccessfulAttachVolume'],
    ['pulls its image', 'Pod', 'FailedMount', 'Pulling'],
  ] as const)('is over when the pod %s later', (_, kind, bad, well) => {
    expect(reasonOf(of(kind), told(bad), good(well, ago(2)))).toBeUndefined();
    expect(reasonOf(of(kind), told(bad), good(well, ago(3)))).toBeUndefined();
    expect(reasonOf(of(kind), told(bad), good(well, ago(4)))).toBeDefined();
  });

  it('reports the trouble of the latest Event', () => {
    const events = [told('FailedAttachVolume', { lastSeen: ago(20) }), told('FailedMount')];
    expect(reasonOf(of('Pod'), ...events)).toBe('FailedMount');
    expect(reasonOf(of('Pod'), ...events.toReversed())).toBe('FailedMount');
  });

  it.each([
    ['StatefulSet', 'FailedCreate', 17 * 60, 21 * 60],
    ['Pod', 'FailedMount', 2 * 60, 6 * 60],
  ] as const)('takes what is told of no more for over: %s %s', (kind, reason, stands, over) => {
    const last = (seconds: number) => told(reason, { firstSeen: ago(9e4), lastSeen: ago(seconds) });
    expect(reasonOf(of(kind), last(stands))).toBeDefined();
    expect(reasonOf(of(kind), last(over))).toBeUndefined();
  });

  it('gives an autoscaler the time that the condition of the pod gives it', () => {
    const since = (seconds: number) => told('FailedScheduling', { firstSeen: ago(seconds) });
    expect(reasonOf(of('Pod'), since(119))).toBeUndefined();
    expect(reasonOf(of('Pod'), since(120))).toBe('Unschedulable');
  });

  it('has nothing to say where nothing was said', () => {
    expect(reasonOf(of('Pod'))).toBeUndefined();
  });
});
