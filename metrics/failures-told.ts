/**
 * An API that tells of each call that fails, and then fails as before. All members are functions that
 * return promises.
 *
 * @param tell called with the name of the function, and what it rejected with.
 */
export function withFailuresTold<Api extends object>(
  api: Api,
  tell: (call: keyof Api & string, error: unknown) => void,
): Api {
  return new Proxy(api, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(member, target, args) as Promise<unknown>);
        } catch (err) {
          tell(name as keyof Api & string, err);
          throw err;
        }
      };
    },
  });
}
