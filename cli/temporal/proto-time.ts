interface ProtoTime {
  readonly seconds?: { toString(): string } | null;
  readonly nanos?: number | null;
}

/** Returns milliseconds since the epoch; zero for no time. */
export function millisecondsOf(time: ProtoTime | null | undefined): number {
  return Number(time?.seconds?.toString() ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
}
