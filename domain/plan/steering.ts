/** The messages by which people and tools steer a run. Wire shapes and wire names. */
import { cleanText } from '../text/text.ts';

/** The content of a message; both fields are optional because the Web UI can send a message without them. */
export interface SteeringInput {
  readonly reason?: string;
  /** The sender, for the record. */
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

/** The most commands that may wait: people who send them by hand never come near it. */
export const MOST_COMMANDS = 100;

/** Fits in a line of `seinode history`, in an Event, and in a condition beside other words. */
const REASON_LENGTH = 1_024;
/** The longest name that an identity provider gives anybody. */
const ACTOR_LENGTH = 256;

/** Returns the command of a message, with texts that are fit to be stored and shown; names missing ones as unknown. */
export function commandOf(kind: CommandKind, input: SteeringInput | undefined): Command {
  return {
    kind,
    reason: cleanText(input?.reason ?? '', REASON_LENGTH) || 'no reason given',
    actor: cleanText(input?.actor ?? '', ACTOR_LENGTH) || 'unknown',
  };
}

export type SteeringResult =
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };
