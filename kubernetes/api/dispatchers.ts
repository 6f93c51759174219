import { isDeepStrictEqual } from 'node:util';

import type { Dispatcher } from 'undici';
import { Agent, ProxyAgent } from 'undici';

import type { Route } from './credentials.ts';

/** The dispatchers of requests. Calls and watches never wait for each other's connections. */
interface Dispatchers {
  /** A bounded number of connections, shared by all calls. */
  readonly calls: Dispatcher;
  /** One connection for each open watch. */
  readonly watches: Dispatcher;
}

export interface DispatcherCache {
  /** Returns the same dispatchers while the route is equal. */
  for(route: Route): Dispatchers;
  /** Breaks every connection, open watches too. */
  destroy(): Promise<void>;
}

/** The budget is "watches + 4". Four connections carry 1,200 small reads a second of a local API server (measured). */
const CALL_CONNECTIONS = 4;

/** A round trip or two over the longest lines; a server that takes longer is away. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Below the 60 s after which common load balancers hang up, and the 90 s of API servers. */
const KEEP_ALIVE_MS = 55_000;

/** A peer that vanished without a word is noticed some ten seconds after this. */
const TCP_KEEP_ALIVE_MS = 30_000;

const SHARED_OPTIONS = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  // HTTP/2 carries twice as much with 100 calls at once (measured), over one connection. When that goes dead, every
  // call after the first times out on it, too, until a ping notices; with HTTP/1.1 a call that times out takes only its
  // own connection with it.
  allowH2: false,
} satisfies Agent.Options;

/**
 * Creates a cache that keeps dispatchers, and with them connections, while the TLS material stays the same. The client
 * library opens a new connection for each request.
 */
export function createDispatcherCache(): DispatcherCache {
  let current: { readonly route: Route; readonly dispatchers: Dispatchers } | undefined;
  return {
    for: (route) => {
      if (current !== undefined && isDeepStrictEqual(current.route, route)) {
        return current.dispatchers;
      }
      // Lets calls under way on connections of the earlier route finish there.
      void current?.dispatchers.calls.close();
      void current?.dispatchers.watches.close();
      const dispatchers = {
        calls: dispatcherFor(route, CALL_CONNECTIONS),
        watches: dispatcherFor(route, null),
      };
      current = { route, dispatchers };
      return dispatchers;
    },
    destroy: async () => {
      await current?.dispatchers.calls.destroy();
      await current?.dispatchers.watches.destroy();
      current = undefined;
    },
  };
}

function dispatcherFor({ tls, proxyUrl }: Route, connections: number | null): Dispatcher {
  if (proxyUrl !== undefined) {
    return new ProxyAgent({ ...SHARED_OPTIONS, connections, uri: proxyUrl, requestTls: tls });
  }
  return new Agent({
    ...SHARED_OPTIONS,
    connections,
    connect: { ...tls, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS },
  });
}
