import { isDeepStrictEqual } from 'node:util';

import type { ObjectKey, ObjectVersion } from '../../../domain/node/node-ref.ts';
import { keyOf } from '../../../domain/node/node-ref.ts';
import { alreadyExists, conflict, notFound } from './refusals.ts';

export interface TableObject {
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
  };
  readonly spec?: unknown;
}

/** The cluster's one counter of versions, which distinguishes all versions of all objects of all kinds. */
export interface Versions {
  current: number;
}

/**
 * The objects of one kind, with the bookkeeping of the API server: a version for every change, a
 * generation for every change of the spec, neither for a write that changes nothing. Objects are
 * never changed in place, so what a caller has read stays as it was.
 */
export class ObjectTable<T extends TableObject> {
  readonly kind: string;
  readonly #versions: Versions;
  readonly #onChange: (before: T | undefined, after: T | undefined) => void;
  readonly #objects = new Map<string, T>();
  #created = 0;

  constructor(
    kind: string,
    versions: Versions,
    onChange: (before: T | undefined, after: T | undefined) => void = () => undefined,
  ) {
    this.kind = kind;
    this.#versions = versions;
    this.#onChange = onChange;
  }

  all(): readonly T[] {
    return [...this.#objects.values()];
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(keyOf(key));
  }

  /** @throws 404 */
  read(key: ObjectKey): T {
    const found = this.get(key);
    if (found === undefined) throw notFound(this.kind, key.name);
    return found;
  }

  /** @throws 404, or 409 when it is not this very object at this very version */
  readExactly(version: ObjectVersion): T {
    const found = this.read(version);
    for (const field of ['uid', 'resourceVersion'] as const) {
      const [wanted, is] = [version[field], found.metadata?.[field]];
      if (wanted === is) continue;
      const why = `Precondition failed: ${field} in precondition: ${wanted}, in object meta: ${is}`;
      throw conflict(this.kind, version.name, why);
    }
    return found;
  }

  /** @throws 409 AlreadyExists */
  create(object: T): T {
    const key = keyOfObject(object);
    if (this.#objects.has(keyOf(key))) throw alreadyExists(this.kind, key.name);
    this.#created += 1;
    const uid = object.metadata?.uid ?? `${this.kind}-${this.#created}`;
    const version = this.#nextVersion();
    return this.#put(key, {
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: version, generation: 1 },
    });
  }

  update(key: ObjectKey, change: (object: T) => T): T {
    const before = this.read(key);
    const changed = change(before);
    if (isDeepStrictEqual(changed, before)) return before;
    const generation = before.metadata?.generation ?? 1;
    const isSpecChanged = !isDeepStrictEqual(changed.spec, before.spec);
    return this.#put(key, {
      ...changed,
      metadata: {
        ...changed.metadata,
        resourceVersion: this.#nextVersion(),
        generation: isSpecChanged ? generation + 1 : generation,
      },
    });
  }

  remove(key: ObjectKey): void {
    const before = this.get(key);
    if (before === undefined) return;
    this.#versions.current += 1;
    this.#objects.delete(keyOf(key));
    this.#onChange(before, undefined);
  }

  #put(key: ObjectKey, object: T): T {
    const before = this.get(key);
    this.#objects.set(keyOf(key), object);
    this.#onChange(before, object);
    return object;
  }

  #nextVersion(): string {
    this.#versions.current += 1;
    return String(this.#versions.current);
  }
}

export function keyOfObject({ metadata }: TableObject): ObjectKey {
  const { namespace, name } = metadata ?? {};
  if (namespace === undefined || name === undefined) throw new Error('an object without a name');
  return { namespace, name };
}
