/** Few enough that neither client nor API server has many in memory. */
const AT_ONCE = 8;

/** Does something for each name, a few at a time. */
export async function atOnce(
  names: readonly string[],
  make: (name: string) => Promise<unknown>,
): Promise<void> {
  const left = names.toReversed();
  const makeAll = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await make(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, makeAll));
}
