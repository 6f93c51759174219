import type { Resource } from '../api/resource.ts';
import { listPath } from '../api/resource.ts';
import type { WatchEnd } from './list-watch.ts';
import type { Reflector, ReflectorOptions } from './reflector.ts';
import { startReflector } from './reflector.ts';

/** One watched resource in a table; `Name` is one of the table's. */
export interface WatchRow<T, Name extends string> extends Pick<
  ReflectorOptions<T>,
  'labelSelector' | 'parts' | 'transform' | 'onChange'
> {
  readonly resource: Resource;
  /** A row above this one: nothing here is listed before all of that has been. */
  readonly after?: Name;
}

/** The table, by `Kept`: the name of each resource, with the part of an object that its watch keeps. */
export type WatchRows<Kept> = {
  readonly [Name in keyof Kept & string]: WatchRow<Kept[Name], keyof Kept & string>;
};

export interface WatchesOptions<Name extends string> extends Pick<
  ReflectorOptions<unknown>,
  'connection' | 'logger' | 'signal' | 'timing'
> {
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** Called when a listing or watch ends, but not for the last end. Must not throw. */
  readonly onWatchEnd?: ((resource: Name, why: WatchEnd) => void) | undefined;
}

export interface HealthOfWatch<Name extends string> {
  readonly resource: Name;
  /** Present if several are watched. */
  readonly namespace?: string;
  readonly hasSynced: boolean;
  /** Milliseconds since the epoch; at rest the API server makes contact about once a minute. */
  readonly lastContactAt: number | undefined;
}

/** A table of resources, each followed until the signal aborts. */
export interface Watches<Kept> {
  readonly of: { readonly [Name in keyof Kept]: Reflector<Kept[Name]> };
  /** Resolves once everything has been listed; rejects with the signal's reason. */
  readonly whenSynced: () => Promise<void>;
  readonly hasSynced: () => boolean;
  /** Returns the milliseconds since the watch that has been silent longest had contact with the API server. */
  readonly staleMs: () => number;
  readonly health: () => readonly HealthOfWatch<keyof Kept & string>[];
}

/** Watches each resource of the table. */
export function startWatches<Kept>(
  options: WatchesOptions<keyof Kept & string>,
  rows: WatchRows<Kept>,
): Watches<Kept> {
  type Name = keyof Kept & string;
  const { namespace, onWatchEnd, ...common } = options;
  const started: { [N in Name]?: Reflector<Kept[N]> } = {};

  const start = <N extends Name>(name: N): Reflector<Kept[N]> => {
    const { resource, after, ...row }: WatchRow<Kept[N], Name> = rows[name];
    const first = after && started[after];
    return startReflector<Kept[N]>({
      ...common,
      ...row,
      path: listPath(resource, namespace),
      onEnd: (why) => onWatchEnd?.(name, why),
      ...(first && { after: first.whenSynced() }),
    });
  };
  const names = Object.keys(rows) as Name[];
  for (const name of names) started[name] = start(name);
  const of = started as Watches<Kept>['of'];
  const all = names.map((name) => of[name]);

  return {
    of,
    whenSynced: async () => {
      await Promise.all(all.map((watch) => watch.whenSynced()));
    },
    hasSynced: () => all.every((watch) => watch.hasSynced()),
    staleMs: () => Date.now() - Math.min(...all.map((watch) => watch.lastContactAt() ?? -Infinity)),
    health: () =>
      names.map((resource) => ({
        resource,
        hasSynced: of[resource].hasSynced(),
        lastContactAt: of[resource].lastContactAt(),
      })),
  };
}
