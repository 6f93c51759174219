import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { bringUp } from '../../../devcluster/instance/bring-up.ts';
import type { BringUpOptions, Devcluster } from '../../../devcluster/instance/devcluster.ts';
import { failureLogs } from '../../../devcluster/instance/layout.ts';
import { silent } from '../../../devcluster/progress.ts';
import { eventually } from '../eventually.ts';
import { auditEventsIn } from './trace/audit-event.ts';
import { violationsIn } from './trace/check-trace.ts';
import { COUNTED, gapsIn, presentIn } from './trace/completeness.ts';
import { Recording } from './trace/replay.ts';
import type { TracedKind } from './trace/traced-object.ts';
import { describeViolation } from './trace/violation.ts';

const AUDIT_POLICY = fileURLToPath(new URL('trace/audit-policy.yaml', import.meta.url));

/** The API server logs a request right after its answer, also on a busy machine. */
const LOGGED_MS = 30_000;

/**
 * Brings up a devcluster whose API server records all writes. When it is taken down, all of them are checked against
 * the rules that the operator must never break (test/support/testbed/trace).
 */
export async function bringUpTraced(options: BringUpOptions): Promise<Devcluster> {
  const { progress = silent } = options;
  const cluster = await bringUp({ ...options, auditPolicy: AUDIT_POLICY });
  return {
    ...cluster,
    async down() {
      const activity = progress.start('Holding all that was written against the rules');
      try {
        await checkTrace(cluster);
        activity.end();
      } catch (err) {
        activity.end('failed');
        await keepLog(cluster);
        throw err;
      } finally {
        await cluster.down();
      }
    },
  };
}

/** @throws for a broken rule, and for a trace that lacks writes */
async function checkTrace(cluster: Devcluster): Promise<void> {
  const recording = await completeRecording(cluster);
  const violations = violationsIn(recording);
  if (violations.length === 0) return;
  throw new Error(
    [
      `The operator broke ${violations.length === 1 ? 'a rule' : `rules ${violations.length} times`} in devcluster ${cluster.name}. The namespaces tell the test files, ${keptLog(cluster)} has the requests`,
      ...violations.map(describeViolation),
    ].join('\n'),
  );
}

async function completeRecording(cluster: Devcluster): Promise<Recording> {
  const present = await Promise.all(
    Object.entries(COUNTED).map(async ([kind, list]) =>
      presentIn(kind as TracedKind, JSON.parse(await cluster.kubectl(['get', '--raw', list]))),
    ),
  );
  let recording = new Recording();
  await eventually(
    `the audit log, kept as ${keptLog(cluster)}, has all that was written`,
    async () => {
      recording = new Recording();
      for await (const event of auditEventsIn(cluster.auditLog)) recording.add(event);
      const gaps = present.flatMap((each) => gapsIn(recording, each));
      if (gaps.length > 0) throw new Error(gaps.join('\n'));
      return true;
    },
    LOGGED_MS,
  );
  return recording;
}

async function keepLog(cluster: Devcluster): Promise<void> {
  await mkdir(path.dirname(keptLog(cluster)), { recursive: true });
  await cp(cluster.auditLog, keptLog(cluster));
}

/** Returns where the requests of a failed check are once the devcluster is gone. */
function keptLog({ name }: Devcluster): string {
  return path.join(failureLogs(name), 'audit.log');
}
