import { grpcMessageOf, GrpcStatus, grpcStatusOf } from './grpc-status.ts';

/**
 * The worker's native library tells a status in words only.
 *
 * @see https://docs.rs/tonic/latest/tonic/enum.Code.html, the descriptions of the two codes
 */
const NATIVE_REFUSAL =
  /code: '(?:The request does not have valid authentication credentials|The caller does not have permission to execute the specified operation)', message: "([^"]*)"/;

/** What Temporal says when it refuses the caller; undefined when the error is another one. */
export function refusalOf(err: unknown): string | undefined {
  const status = grpcStatusOf(err);
  if (status === GrpcStatus.permissionDenied || status === GrpcStatus.unauthenticated) {
    return grpcMessageOf(err);
  }
  return err instanceof Error ? NATIVE_REFUSAL.exec(err.message)?.[1] : undefined;
}
