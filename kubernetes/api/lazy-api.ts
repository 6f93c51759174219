/** An object all of whose methods are asynchronous. */
type AsyncMethods = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

/** Stands in for an API, all of whose methods are asynchronous, which the first call of one loads. */
export function lazyApi<Api extends object>(load: () => Promise<Api>): Api {
  let loading: Promise<Api> | undefined;
  const target = {} as Api;
  return new Proxy(target, {
    get: (_, name) => {
      // Else an `await` of the stand-in itself would take it for a promise.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return async (...args: unknown[]) => {
        loading ??= load();
        const api = (await loading) as AsyncMethods;
        const method = api[name];
        if (method === undefined) throw new TypeError(`The API has no method ${name}`);
        return method.apply(api, args);
      };
    },
  });
}
