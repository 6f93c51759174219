import { UserError } from '../settings/user-error.ts';
import { grpcMessageOf, GrpcStatus, grpcStatusOf } from './grpc-status.ts';

/**
 * Performs an action that the caller may lack the rights for. Temporal Cloud answers `unimplemented` for actions that
 * its own control plane performs.
 *
 * @param what the action as an infinitive, such as `create namespace nodes`
 * @param remedy what to ask an administrator for
 * @throws {UserError} when the server refuses it for good
 */
export async function permitted<T>(
  what: string,
  remedy: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (err) {
    if (err instanceof UserError) throw err;
    const status = grpcStatusOf(err);
    if (status === GrpcStatus.invalidArgument) {
      throw new UserError(`cannot ${what}: ${grpcMessageOf(err)}`, { cause: err });
    }
    if (
      status === GrpcStatus.permissionDenied ||
      status === GrpcStatus.unauthenticated ||
      status === GrpcStatus.unimplemented
    ) {
      throw new UserError(`not permitted to ${what}: ${grpcMessageOf(err)}; ${remedy}`, {
        cause: err,
      });
    }
    throw err;
  }
}
