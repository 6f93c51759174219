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

/** Returns the members of an object; anything else has none. */
export function fieldsOf(value: unknown): RawObject {
  return isRawObject(value) ? value : {};
}

/** Returns a text as it is, and anything else as the empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the member of a member and so on, as deep as there is one. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at, field) => fieldsOf(at)[field], value);
}

/** Returns the object's identity, or undefined if it is no Kubernetes object. */
export function identityOf(object: unknown): ObjectVersion | undefined {
  const { namespace, name, uid, resourceVersion } = fieldsOf(fieldsOf(object)['metadata']);
  if (typeof name !== 'string' || typeof uid !== 'string' || typeof resourceVersion !== 'string') {
    return undefined;
  }
  return { namespace: textOf(namespace), name, uid, resourceVersion };
}
