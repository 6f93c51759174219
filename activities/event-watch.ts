import type { EventSubject, ObjectEvent } from '../domain/object-event.ts';
import type { ActivityDeps } from './deps.ts';

/** A pod that nothing holds back is made, and its volumes mounted, in less: its roll asks for no Event. */
const FIRST_LOOK_MS = 5_000;
/**
 * Every node that is stuck asks so often, and a fleet may be stuck in one cause; longer, and what befalls a
 * pod later would not be told within half a minute.
 */
const LONGEST_PAUSE_MS = 20_000;

/** The Events about what a wait waits for, which are asked for only while that takes long. */
export interface EventWatch {
  /** What was heard of the subject so far. To be called at each look; it asks when it is time to. */
  of(subject: EventSubject): readonly ObjectEvent[];
}

/** @param isStuck whether Events told of a trouble before: then it is asked at once whether that stands. */
export function eventWatch(
  { api, now, logger }: Pick<ActivityDeps, 'api' | 'now' | 'logger'>,
  isStuck: boolean,
): EventWatch {
  let uid: string | undefined;
  let heard: readonly ObjectEvent[] = [];
  let nextLookMs = 0;
  let pauseMs = FIRST_LOOK_MS;

  const look = async (subject: EventSubject): Promise<void> => {
    try {
      const events = await api.listEvents(subject);
      if (subject.uid === uid) heard = events;
    } catch (err) {
      // The wait does not depend on it: it only cannot say why it lasts.
      logger.warn('Events not read', {
        namespace: subject.namespace,
        name: subject.name,
        error: err instanceof Error ? err.message : String(err),
      });
    }
  };

  return {
    of: (subject) => {
      const nowMs = now().getTime();
      if (subject.uid !== uid) {
        ({ uid } = subject);
        heard = [];
        pauseMs = FIRST_LOOK_MS;
        nextLookMs = isStuck ? nowMs : nowMs + pauseMs;
      }
      if (nowMs >= nextLookMs) {
        nextLookMs = nowMs + pauseMs;
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        void look(subject);
      }
      return heard;
    },
  };
}
