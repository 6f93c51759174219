import { NamespaceNotFoundError } from '@temporalio/common';

import { GrpcStatus, grpcMessageOf, grpcStatusOf } from '../../temporal/grpc-status.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import type { OpenTemporal } from './open-temporal.ts';

/** The number of another status code of gRPC. */
const UNAVAILABLE = 14;

/** Calls Temporal. @throws {CliError} with one sentence in place of gRPC's message */
export async function askTemporal<T>(
  { address, namespace }: Pick<OpenTemporal, 'address' | 'namespace'>,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (err) {
    if (err instanceof NamespaceNotFoundError) throw unknownNamespace(err, address);
    const code = grpcStatusOf(err);
    if (code === undefined || err instanceof CliError) throw err;
    throw explained(err, code, `Temporal at ${address}`, namespace);
  }
}

function unknownNamespace(err: NamespaceNotFoundError, address: string): CliError {
  const { namespace } = err;
  return new CliError(
    ExitCode.failed,
    `Temporal at ${address} has no namespace ${namespace}; check --temporal-namespace (TEMPORAL_NAMESPACE), or create it: seinode set-up --temporal-namespace ${namespace}`,
    { cause: err },
  );
}

function explained(err: unknown, code: number, at: string, namespace: string): CliError {
  const said = grpcMessageOf(err);
  const cause = { cause: err };
  switch (code) {
    case GrpcStatus.notFound:
      return new CliError(
        ExitCode.failed,
        `${at} finds no such thing in namespace ${namespace}: ${said}; check --temporal-namespace (TEMPORAL_NAMESPACE)`,
        cause,
      );
    case GrpcStatus.permissionDenied:
    case GrpcStatus.unauthenticated:
      return new CliError(
        ExitCode.failed,
        `${at} refuses access to namespace ${namespace}: ${said}; check TEMPORAL_API_KEY or the client certificate, and its rights`,
        cause,
      );
    case UNAVAILABLE:
    case GrpcStatus.deadlineExceeded:
      return new CliError(
        ExitCode.unreachable,
        `${at} does not answer: ${said}; check --temporal-address (TEMPORAL_ADDRESS), and that the server is up`,
        cause,
      );
    default:
      return new CliError(ExitCode.failed, `${at} answered: ${said}`, cause);
  }
}
