/**
 * Calls `onError` when a method of the API rejects, and then rejects as before. Every member of the API must be a
 * function that returns a promise.
 *
 * @param onError called with the name of the method and the error
 */
export function withErrorHook<Api extends object>(
  api: Api,
  onError: (call: keyof Api & string, err: unknown) => void,
): Api {
  return new Proxy(api, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(member, target, args) as Promise<unknown>);
        } catch (err) {
          onError(name as keyof Api & string, err);
          throw err;
        }
      };
    },
  });
}
