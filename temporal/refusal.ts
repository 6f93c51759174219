import { grpcMessageOf, GrpcStatus, grpcStatusOf } from './grpc-status.ts';

/**
 * Matches an error of the worker's native library, which gives a status in words only.
 *
 * @see https://docs.rs/tonic/latest/tonic/enum.Code.html, the descriptions of the two codes
 */
const NATIVE_REFUSAL =
  /code: '(?:The request does not have valid authentication credentials|The caller does not have permission to execute the specified operation)', message: "([^"]*)"/;

/** Returns the words in which Temporal refuses the caller; undefined for any other error. */
export function refusalOf(err: unknown): string | undefined {
  const status = grpcStatusOf(err);
  if (status === GrpcStatus.permissionDenied || status === GrpcStatus.unauthenticated) {
    return grpcMessageOf(err);
  }
  return err instanceof Error ? NATIVE_REFUSAL.exec(err.message)?.[1] : undefined;
}
