import type { AuditEvent } from './audit-event.ts';
import type { Effect, TracedRequest } from './effect.ts';
import { effectsOf, requestOf } from './effect.ts';
import type { TracedKind, TracedObject } from './traced-object.ts';
import { hasEnded } from './traced-object.ts';

/** A change of one object, or an attempt at one. */
export interface Write {
  /**
   * The resource version that the write has made, which counts all of a cluster's writes. A write that made none, or
   * does not show it, has that of the newest write known when the request came, and a half.
   */
  readonly order: number;
  readonly request: TracedRequest;
  /** Undefined for an object that is new. */
  readonly before: TracedObject | undefined;
  /** Undefined for an object that is gone. */
  readonly after: TracedObject | undefined;
}

/** The objects as they are right before a write. */
export interface World {
  /** Returns an object, also one that is gone, as it was last. */
  get(uid: string): TracedObject | undefined;
  isGone(uid: string): boolean;
  /** Returns the newest object that had the name. */
  named(kind: TracedKind, namespace: string, name: string): TracedObject | undefined;
}

interface Ordered {
  readonly order: number;
  readonly effect: Effect;
  readonly request: TracedRequest;
}

/** Collects requests, in whatever order they were logged, and replays them in that of their effects. */
export class Recording {
  readonly #effects: { readonly effect: Effect; readonly request: TracedRequest }[] = [];

  add(event: AuditEvent): void {
    const effects = effectsOf(event);
    if (effects.length === 0) return;
    const request = requestOf(event);
    for (const effect of effects) this.#effects.push({ effect, request });
  }

  /** Calls back for each write, in the order in which they took effect. */
  replay(see: (write: Write, world: World) => void): void {
    const world = new MutableWorld();
    for (const { order, effect, request } of this.#inOrder()) {
      const change = world.changeBy(effect, request);
      if (change === undefined) continue;
      see({ order, request, ...change }, world);
      world.enter(change);
    }
  }

  #inOrder(): readonly Ordered[] {
    const newestAt = this.#newestAnswered();
    const ordered = this.#effects.map(({ effect, request }): Ordered => {
      const version = versionOf(effect);
      const floor = newestAt(request.receivedAt);
      // A version no newer than the request itself was there before it, and nothing has changed it.
      const isOwn = version > floor && effect.kind !== 'dismissed';
      return { order: isOwn ? version : Math.max(version, floor) + 0.5, effect, request };
    });
    return ordered.toSorted((one, other) => one.order - other.order || byBirth(one, other));
  }

  /** @returns the newest version that had been answered at a time */
  #newestAnswered(): (time: string) => number {
    const times: string[] = [];
    const newest: number[] = [];
    const answered = this.#effects.toSorted(({ request: one }, { request: other }) =>
      compare(one.answeredAt, other.answeredAt),
    );
    for (const { effect, request } of answered) {
      times.push(request.answeredAt);
      newest.push(Math.max(newest.at(-1) ?? 0, versionOf(effect)));
    }
    return (time) => {
      let [low, high] = [0, times.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((times[middle] ?? '') <= time) low = middle + 1;
        else high = middle;
      }
      return newest[low - 1] ?? 0;
    };
  }
}

/** Sorts the requests that were answered with one version: the creation first, then by time. */
function byBirth({ request: one }: Ordered, { request: other }: Ordered): number {
  return (
    Number(other.code === 201) - Number(one.code === 201) ||
    compare(one.receivedAt, other.receivedAt)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Returns the version that a request was answered with; 0 without one. */
function versionOf(effect: Effect): number {
  switch (effect.kind) {
    case 'stored':
    case 'removed':
      return effect.object.resourceVersion;
    case 'scaled':
      return effect.resourceVersion;
    case 'dismissed':
      return effect.last?.resourceVersion ?? 0;
    case 'removed-unseen':
      return 0;
  }
}

type Change = Pick<Write, 'before' | 'after'>;

class MutableWorld implements World {
  readonly #objects = new Map<string, TracedObject>();
  readonly #gone = new Set<string>();
  readonly #names = new Map<string, string>();

  get(uid: string): TracedObject | undefined {
    return this.#objects.get(uid);
  }

  isGone(uid: string): boolean {
    return this.#gone.has(uid);
  }

  named(kind: TracedKind, namespace: string, name: string): TracedObject | undefined {
    const uid = this.#names.get(keyOf({ kind, namespace, name }));
    return uid === undefined ? undefined : this.#objects.get(uid);
  }

  /** @returns undefined for an unknown object */
  changeBy(effect: Effect, { receivedAt }: TracedRequest): Change | undefined {
    switch (effect.kind) {
      case 'stored': {
        const after = this.#complete(effect.object, effect.isWhole);
        return { before: this.#objects.get(after.uid), after };
      }
      case 'removed': {
        const last = this.#complete(effect.object, effect.isWhole);
        return { before: this.#objects.get(last.uid) ?? last, after: undefined };
      }
      case 'removed-unseen': {
        const before = this.#objects.get(effect.uid);
        return before && { before, after: undefined };
      }
      case 'scaled': {
        const before = this.#objects.get(effect.uid);
        if (before === undefined) return undefined;
        const { resourceVersion, replicas } = effect;
        const size = { ...before.content.size, replicas };
        return {
          before,
          after: { ...before, resourceVersion, content: { ...before.content, size } },
        };
      }
      case 'dismissed': {
        const { object: kind, namespace, name, last } = effect;
        const before = last ?? this.named(kind, namespace, name);
        if (before === undefined || this.#gone.has(before.uid)) return undefined;
        if (goesAtOnce(before)) return { before, after: undefined };
        return {
          before,
          after: { ...before, deletionTimestamp: before.deletionTimestamp ?? receivedAt },
        };
      }
    }
  }

  enter({ before, after }: Change): void {
    if (after === undefined) {
      if (before !== undefined) this.#gone.add(before.uid);
      return;
    }
    const key = keyOf(after);
    const previous = this.#names.get(key);
    // The previous object of the name is gone, however that came about.
    if (previous !== undefined && previous !== after.uid) this.#gone.add(previous);
    this.#names.set(key, after.uid);
    this.#objects.set(after.uid, after);
  }

  /** Completes an answer of metadata alone, which leaves the rest as it was. */
  #complete(object: TracedObject, isWhole: boolean): TracedObject {
    const before = isWhole ? undefined : this.#objects.get(object.uid);
    return before === undefined ? object : { ...object, content: before.content };
  }
}

/** Decides as the API server does whether a deleted object goes at once. */
function goesAtOnce(object: TracedObject): boolean {
  if (object.finalizers.length > 0) return false;
  return object.kind !== 'Pod' || object.content.machine === undefined || hasEnded(object);
}

function keyOf({
  kind,
  namespace,
  name,
}: Pick<TracedObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}
