import type { EventSubject, ObjectEvent } from './object-event.ts';
import type { PodTrouble } from './pod-trouble.ts';
import { UNSCHEDULABLE_GRACE_MS } from './pod-trouble.ts';

interface Meaning {
  readonly reason: PodTrouble['reason'];
  /** The time that it has to last before it counts. */
  readonly graceMs: number;
  /** A place to look, for Events whose message names no object. */
  readonly advice?: string;
}

const AT_ONCE = 0;

/** Troubles that show in Events only, by the reason of the Event. */
const MEANINGS = {
  StatefulSet: {
    FailedCreate: {
      reason: 'PodRefused',
      graceMs: AT_ONCE,
      advice: 'look at the ResourceQuotas, LimitRanges and admission policies of the namespace',
    },
  },
  Pod: {
    FailedMount: { reason: 'FailedMount', graceMs: AT_ONCE },
    FailedMapVolume: { reason: 'FailedMount', graceMs: AT_ONCE },
    FailedAttachVolume: { reason: 'FailedAttachVolume', graceMs: AT_ONCE },
    FailedCreatePodSandBox: { reason: 'FailedCreatePodSandBox', graceMs: AT_ONCE },
    FailedScheduling: { reason: 'Unschedulable', graceMs: UNSCHEDULABLE_GRACE_MS },
  },
} as const satisfies Record<EventSubject['kind'], Readonly<Record<string, Meaning>>>;

/**
 * The time for which a trouble stands after its last Event. The StatefulSet controller backs off to 1000 s
 * between two tries, a kubelet to a little over two minutes.
 */
const STANDS_MS = { StatefulSet: 20 * 60_000, Pod: 5 * 60_000 } as const satisfies Record<
  EventSubject['kind'],
  number
>;

/**
 * Returns the trouble that the Events report about the very object that somebody waits for, or undefined. A
 * later success ends a trouble: a pod was made, a volume attached, an image pulled. Most Events have whole
 * seconds, so within one second the success wins: a trouble that stands is reported again.
 *
 * @param nowMs milliseconds since the epoch.
 */
export function eventTrouble(
  subject: EventSubject,
  events: readonly ObjectEvent[],
  nowMs: number,
): PodTrouble | undefined {
  const lastGood = Math.max(
    ...events.filter(({ isWarning }) => !isWarning).map(({ lastSeen }) => secondOf(lastSeen)),
  );
  const [worst] = events
    .flatMap((event) => {
      const meaning = meaningOf(subject, event);
      return meaning === undefined ? [] : [{ event, meaning }];
    })
    .filter(({ event, meaning }) => {
      const { firstSeen, lastSeen } = event;
      return (
        secondOf(lastSeen) > lastGood &&
        nowMs - Date.parse(lastSeen) < STANDS_MS[subject.kind] &&
        nowMs - Date.parse(firstSeen) >= meaning.graceMs
      );
    })
    .toSorted((a, b) => Date.parse(b.event.lastSeen) - Date.parse(a.event.lastSeen));
  if (worst === undefined) return undefined;
  const { kind, name } = subject;
  const { reason, advice } = worst.meaning;
  const said = `${kind} ${name}: ${worst.event.message}`;
  return { reason, message: advice === undefined ? said : `${said} (${advice})` };
}

/** Returns whether a trouble of this reason shows only in Events. */
export function isSeenInEventsAlone(reason: string): boolean {
  const all: readonly Meaning[] = [
    ...Object.values(MEANINGS.StatefulSet),
    ...Object.values(MEANINGS.Pod),
  ];
  return all.some((meaning) => meaning.reason === reason && meaning.graceMs === AT_ONCE);
}

function meaningOf(
  { kind }: EventSubject,
  { isWarning, reason }: ObjectEvent,
): Meaning | undefined {
  if (!isWarning) return undefined;
  const meanings: Readonly<Record<string, Meaning>> = MEANINGS[kind];
  return Object.hasOwn(meanings, reason) ? meanings[reason] : undefined;
}

function secondOf(timestamp: string): number {
  return Math.floor(Date.parse(timestamp) / 1_000);
}
