import type { Connection } from '@temporalio/client';
import type { google } from '@temporalio/proto';
import proto from '@temporalio/proto';

import { GrpcStatus, grpcStatusOf } from './grpc-status.ts';

const SECONDS_A_DAY = 86_400;

/**
 * A week: long enough to look into a failed update of Friday on Monday, unlike the default of Temporal, 72 hours; short
 * enough that the histories of a fleet need no thought. `status.history` outlives it in any case.
 */
export const DEFAULT_RETENTION_DAYS = 7;

/** Returns the days for which the namespace keeps closed runs; undefined when there is no such namespace. */
export async function retentionDaysOf(
  connection: Connection,
  namespace: string,
): Promise<number | undefined> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / SECONDS_A_DAY;
  } catch (err) {
    if (grpcStatusOf(err) === GrpcStatus.notFound) return undefined;
    throw err;
  }
}

/** Creates the namespace; one that somebody has created meanwhile is success. */
export async function createNamespace(
  connection: Connection,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      description: 'Runs of the SeiNode operator',
      workflowExecutionRetentionPeriod: durationOf(retentionDays),
    });
  } catch (err) {
    if (grpcStatusOf(err) !== GrpcStatus.alreadyExists) throw err;
  }
}

export async function setRetention(
  connection: Connection,
  namespace: string,
  retentionDays: number,
): Promise<void> {
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: durationOf(retentionDays) },
  });
}

function durationOf(days: number): google.protobuf.Duration {
  return proto.google.protobuf.Duration.fromObject({ seconds: days * SECONDS_A_DAY });
}
