/** The codes of gRPC that we tell apart. */
export const GrpcStatus = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unimplemented: 12,
  unauthenticated: 16,
} as const;

/** The status of a call that failed, looked for through the causes of the error. */
export function grpcStatusOf(err: unknown): number | undefined {
  for (let cause = err; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'number') return cause.code;
  }
  return undefined;
}

/** What the server said; the libraries' own messages put codes and stacks around it. */
export function grpcMessageOf(err: unknown): string {
  for (let cause = err; cause instanceof Error; cause = cause.cause) {
    if ('details' in cause && typeof cause.details === 'string') return cause.details;
  }
  return err instanceof Error ? err.message : String(err);
}
