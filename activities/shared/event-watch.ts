import type { EventSubject, ObjectEvent } from '../../domain/pod/object-event.ts';
import type { ActivityDeps } from '../deps.ts';

/** Spares a healthy roll: its pod is made, and its volumes are mounted, in less, so that it asks for no Event. */
const FIRST_LOOK_MS = 5_000;
/**
 * The bound of a growing pause: every stuck node asks so often, and one cause may stick a whole fleet. A longer pause
 * would keep a later trouble off status for more than half a minute.
 */
const LONGEST_PAUSE_MS = 20_000;

/** The Events about the object that a wait waits for. They are asked for only while the wait takes long. */
export interface EventWatch {
  /** Returns the Events that were read so far, and reads them again when it is time to. To be called at each look. */
  of(subject: EventSubject): readonly ObjectEvent[];
}

/**
 * @param isStuck true where Events explained the stall before: then they are read at once, to see whether it persists
 */
export function createEventWatch(
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
      // The wait does not depend on Events: without them it only cannot say why it lasts.
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
