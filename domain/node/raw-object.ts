import type { ObjectVersion } from './node-ref.ts';

/** An object as JSON.parse returned it: timestamps are strings, and nothing in it is checked. */
export type RawObject = Readonly<Record<string, unknown>>;

/** Calls JSON.parse, without its `any`. */
export function parseJson(text: string): unknown {
  return JSON.parse(text) as unknown;
}

export function isRawObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the text of a member of a member, if there is one. */
export function textAt(value: unknown, outer: string, inner: string): string | undefined {
  const member = isRawObject(value) ? value[outer] : undefined;
  const text = isRawObject(member) ? member[inner] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** Returns the object's identity, or undefined if it is no Kubernetes object. */
export function identityOf(object: unknown): ObjectVersion | undefined {
  const metadata = isRawObject(object) ? object['metadata'] : undefined;
  if (!isRawObject(metadata)) return undefined;
  const { namespace, name, uid, resourceVersion } = metadata;
  if (typeof name !== 'string' || typeof uid !== 'string' || typeof resourceVersion !== 'string') {
    return undefined;
  }
  return { namespace: typeof namespace === 'string' ? namespace : '', name, uid, resourceVersion };
}
