import type { LogFields, Logger } from '../domain/logger.ts';
import type { ObjectKey } from '../domain/node/node-ref.ts';
import { keyOf, parseKey } from '../domain/node/node-ref.ts';
import type { Cause, RunClient } from '../temporal/runs/run-client.ts';
import type { RunObject, RunWork } from '../temporal/runs/run-kind.ts';
import type { Fingerprint } from './fingerprint.ts';
import { isSame } from './fingerprint.ts';
import { createReportQueue } from './report-queue.ts';
import { startVisitingInTurn } from './visit-in-turn.ts';

/** A kind of object whose runs are to know of each change; `Type` is one of its workflow types. */
export interface ReportedKind<O extends RunObject, Type extends string> {
  readonly get: (key: ObjectKey) => O | undefined;
  readonly all: () => Iterable<O>;
  /** Whether all that surrounds the object has been listed. */
  readonly hasSynced: (key: ObjectKey) => boolean;
  readonly look: (object: O) => Look<Type>;
  /** Whether all that has happened is that the run has ended its work. */
  readonly isOwnEnd: (before: Reported<O>, now: Reported<O>) => boolean;
}

/** What is found when an object is looked at. */
export interface Look<Type extends string> {
  readonly fingerprint: Fingerprint;
  /** Undefined where none is due. */
  readonly work: RunWork<Type> | undefined;
  /** Said of it beside its key in logs. */
  readonly fields: LogFields;
}

/** An object as it was reported last, or found to need no report. */
export interface Reported<O> {
  readonly fingerprint: Fingerprint;
  readonly object: O;
}

export interface ReportingOptions<O extends RunObject, Type extends string> {
  readonly runs: Pick<RunClient<O>, 'startOrSignal' | 'signal'>;
  readonly resyncSeconds: number;
  readonly metrics: {
    reported(work: Type, cause: Cause): void;
    failed(): void;
    follow(queue: { readonly length: () => number }): void;
  };
  readonly logger: Logger;
}

export interface Reporting {
  /** Has the object looked at, and reported if need be. */
  readonly changed: (key: ObjectKey) => void;
  /** Resolves when the reports under way have ended. */
  readonly stop: () => Promise<void>;
}

/** Sees to it that the run of each object knows of each change, and that a run is open wherever work is due. */
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
    // What is not shown of the object may be to come: there is a change, once all is there.
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
    const now = { fingerprint, object };
    const isChange = !isSame(fingerprint, before?.fingerprint);
    if (work !== undefined && (isChange || isResync)) {
      const cause: Cause = isChange ? 'change' : 'resync';
      const run = await runs.startOrSignal(object, work, cause);
      metrics.reported(work.type, cause);
      logger.debug('reported', { ...parseKey(key), ...run, ...fields, due: work.type, cause });
    } else if (isChange && before !== undefined && !kind.isOwnEnd(before, now)) {
      await runs.signal(object);
    }
    // Only now: a report that failed is one that was not made.
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
