/** The messages by which people and tools steer a run. Wire shapes and wire names. */

/** What comes with a message; both are optional because the Web UI can send a message without them. */
export interface SteeringInput {
  readonly reason?: string;
  /** Who sends it, for the record. */
  readonly actor?: string;
}

export type CommandKind = 'pause' | 'resume' | 'retry' | 'rollback';

export interface Command {
  readonly kind: CommandKind;
  readonly reason: string;
  readonly actor: string;
}

export const PAUSE = 'pause';
export const RESUME = 'resume';
export const RETRY = 'retry';
export const ROLLBACK = 'rollback';

/** The command of a message; whatever it lacks, or has in another shape, is named as unknown. */
export function commandOf(kind: CommandKind, input: SteeringInput | undefined): Command {
  return {
    kind,
    reason: textOf(input?.reason) ?? 'no reason given',
    actor: textOf(input?.actor) ?? 'unknown',
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** What came of a command. */
export type SteeringResult =
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };
