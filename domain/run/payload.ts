import type { NodeRef } from '../node/node-ref.ts';
import { MOST_COMMANDS } from '../plan/steering.ts';

/**
 * The result of a check. Anybody who can reach Temporal can send anything, so a payload has one of this
 * product's shapes only after a check.
 */
export type Read<T> =
  | { readonly kind: 'fits'; readonly value: T }
  | { readonly kind: 'misfit'; readonly why: string };

/** Longer than any id, step or reason that this product or Kubernetes makes. */
export const ID_LENGTH = 256;
/** Bounds the message of a failure, which carries an API server's text. */
export const MESSAGE_LENGTH = 64 * 1024;

export type Fields = Readonly<Record<string, unknown>>;

export function fits<T>(value: T): Read<T> {
  return { kind: 'fits', value };
}

export function misfit(why: string): { readonly kind: 'misfit'; readonly why: string } {
  return { kind: 'misfit', why };
}

/** Returns the fields of an object; undefined for a list or bytes, which are objects, too. */
export function fieldsOf(value: unknown): Fields | undefined {
  return Object.prototype.toString.call(value) === '[object Object]'
    ? (value as Fields)
    : undefined;
}

export function nodeRefOf(value: unknown): NodeRef | undefined {
  const { namespace, name, uid } = fieldsOf(value) ?? {};
  const [inNamespace, named, ofUid] = [textOf(namespace), textOf(name), textOf(uid)];
  if (inNamespace === undefined || named === undefined || ofUid === undefined) return undefined;
  return { namespace: inNamespace, name: named, uid: ofUid };
}

export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return isBounded(value, ID_LENGTH) && value !== '' ? value : undefined;
}

export function isBounded(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length <= length;
}

export function isOptionalString(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/** Returns a key of the table. Looks at own keys only: `constructor` is no kind of anything. */
export function keyIn<Key extends string>(
  known: Readonly<Record<Key, true>>,
  value: unknown,
): Key | undefined {
  return typeof value === 'string' && Object.hasOwn(known, value) ? (value as Key) : undefined;
}

/** Reads a list that is no longer than a run hands on; undefined if any entry is misshapen. */
export function listOf<T>(
  value: unknown,
  read: (entry: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_COMMANDS) return undefined;
  const entries = value.map(read).filter((entry) => entry !== undefined);
  return entries.length === value.length ? entries : undefined;
}
