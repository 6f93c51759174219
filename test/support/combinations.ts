/** One value of each axis. */
type Combination<Axes> = {
  readonly [Name in keyof Axes]: Axes[Name] extends readonly (infer V)[] ? V : never;
};

/** Returns every combination of the axes' values, so that a rule is tried where nobody thought of it. */
export function combinations<const Axes extends Readonly<Record<string, readonly unknown[]>>>(
  axes: Axes,
): readonly Combination<Axes>[] {
  return Object.entries(axes).reduce<readonly object[]>(
    (found, [name, values]) =>
      found.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  ) as readonly Combination<Axes>[];
}
