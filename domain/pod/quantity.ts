const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/**
 * Returns whether two Kubernetes quantities are the same amount: the API server writes `1000m` as `1` and
 * `0.5` as `500m`. Compares values that are no quantities as they are.
 */
export function isSameQuantity(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [amountOf(one), amountOf(other)];
  if (first === undefined || second === undefined) return false;
  // 1.1 and 1100m are the same amount, but not the same binary fraction.
  return (
    Math.abs(first - second) <= Number.EPSILON * 4 * Math.max(Math.abs(first), Math.abs(second))
  );
}

/** Returns the amount as a number; undefined for a text that is no quantity. */
export function amountOf(quantity: string): number | undefined {
  const match = QUANTITY.exec(quantity);
  if (match === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  return Number(`${digits}${exponent}`) * (SUFFIXES[suffix] ?? 1);
}
