/** The gRPC codes that decisions depend on. */
export const GrpcStatus = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unimplemented: 12,
  unauthenticated: 16,
} as const;

/** Finds the status of a failed call in the causes of the error. */
export function grpcStatusOf(err: unknown): number | undefined {
  for (let cause = err; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'number') return cause.code;
  }
  return undefined;
}

/** Finds the words of the server; the messages of the libraries put codes and stacks around them. */
export function grpcMessageOf(err: unknown): string {
  for (let cause = err; cause instanceof Error; cause = cause.cause) {
    if ('details' in cause && typeof cause.details === 'string') return cause.details;
  }
  return err instanceof Error ? err.message : String(err);
}
