import type { LogFields, Logger } from '../domain/logger.ts';
import type { ObjectKey } from '../domain/node/node-ref.ts';
import { keyOf, parseKey } from '../domain/node/node-ref.ts';
import type { Cause, RunClient } from '../temporal/runs/run-client.ts';
import type { RunObject, RunWork } from '../temporal/runs/run-kind.ts';
import type { Fingerprint } from './fingerprint.ts';
import { isSame } from './fingerprint.ts';
import { createReportQueue } from './report-queue.ts';
import { startVisitingInTurn } from './visit-in-turn.ts';

/** A kind of object whose runs receive each change; `Type` is one of its workflow types. */
export interface ReportedKind<O extends RunObject, Type extends string> {
  readonly get: (key: ObjectKey) => O | undefined;
  readonly all: () => Iterable<O>;
  /** Returns whether all surroundings of the object have been listed. */
  readonly hasSynced: (key: ObjectKey) => boolean;
  readonly look: (object: O) => Look<Type>;
  /** Returns whether the only change is that the run has ended its work. */
  readonly isOwnEnd: (before: Reported<O>, now: Reported<O>) => boolean;
}

/** The result of a look at an object. */
export interface Look<Type extends string> {
  readonly fingerprint: Fingerprint;
  /** Undefined if none is due. */
  readonly work: RunWork<Type> | undefined;
  /** Fields for logs beside the object's key. */
  readonly fields: LogFields;
}

/** An object as it was last reported, or found to need no report. */
export interface Reported<O> {
  readonly fingerprint: Fingerprint;
  readonly object: O;
  readonly work: RunWork | undefined;
}

export interface ReportingOptions<O extends RunObject, Type extends string> {
  readonly runs: Pick<RunClient<O>, 'startOrSignal' | 'startUnlessOpen' | 'signal'>;
  readonly resyncSeconds: number;
  readonly metrics: {
    reported(work: Type, cause: Cause): void;
    failed(): void;
    follow(queue: { readonly length: () => number }): void;
  };
  readonly logger: Logger;
}

export interface Reporting {
  /** Has the object looked at, and reported if necessary. */
  readonly changed: (key: ObjectKey) => void;
  /** Resolves when the reports under way have ended. */
  readonly stop: () => Promise<void>;
}

/** Reports each change of each object to its run, and starts a run wherever work is due and none is open. */
export function startReporting<O extends RunObject, Type extends string>(
  kind: ReportedKind<O, Type>,
  { runs, resyncSeconds, metrics, logger }: ReportingOptions<O, Type>,
): Reporting {
  const reported = new Map<string, Reported<O>>();
  const resyncs = new Set<string>();
  const queue = createReportQueue(report, (key, err) => {
    metrics.failed();
    const error = (err as Error).message;
    logger.warn('report failed, will be repeated', { ...parseKey(key), error });
  });
  metrics.follow(queue);

  async function report(key: string): Promise<void> {
    // Surroundings that are not listed yet may still come: once all are there, the cache reports a change.
    if (!kind.hasSynced(parseKey(key))) return;
    const before = reported.get(key);
    const isResync = resyncs.has(key);
    const object = kind.get(parseKey(key));
    if (object === undefined) {
      // A run that waits for a change of the object would wait for ever.
      if (before !== undefined) await runs.signal(before.object);
      reported.delete(key);
      resyncs.delete(key);
      return;
    }
    const { fingerprint, work, fields } = kind.look(object);
    const now = { fingerprint, object, work };
    const isChange = !isSame(fingerprint, before?.fingerprint);
    if (work !== undefined && (isChange || isResync)) {
      const cause: Cause = isChange ? 'change' : 'resync';
      const isRepeated = !isChange && isSameWork(work, before?.work);
      const run = isRepeated
        ? await runs.startUnlessOpen(object, work)
        : await runs.startOrSignal(object, work, cause);
      if (run !== undefined) {
        metrics.reported(work.type, cause);
        logger.debug('reported', { ...parseKey(key), ...run, ...fields, due: work.type, cause });
      }
    } else if (isChange && before !== undefined && !kind.isOwnEnd(before, now)) {
      await runs.signal(object);
    }
    // Only now, because a failed report has to be made again.
    reported.set(key, now);
    resyncs.delete(key);
  }

  const stopVisiting = startVisitingInTurn(resyncSeconds, kind.all, (object) => {
    resyncs.add(keyOf(object));
    queue.add(keyOf(object), 'resync');
  });

  return {
    changed: (key) => queue.add(keyOf(key), 'change'),
    stop: () => {
      stopVisiting();
      return queue.stop();
    },
  };
}

function isSameWork(one: RunWork, other: RunWork | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
