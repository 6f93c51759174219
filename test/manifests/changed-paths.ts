/**
 * Returns the paths at which two JSON values differ, such as `spec.template.spec.containers.0.image`. A
 * value that one side lacks counts as one difference, at its own path. Leaves out the hash of the rendered
 * object, since it follows every other difference.
 */
export function changedPaths(before: unknown, after: unknown, at = ''): readonly string[] {
  if (!isContainer(before) || !isContainer(after)) return before === after ? [] : [at];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  keys.delete('sei.io/rendered-hash');
  return [...keys].flatMap((key) =>
    changedPaths(
      Reflect.get(before, key),
      Reflect.get(after, key),
      at === '' ? key : `${at}.${key}`,
    ),
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
