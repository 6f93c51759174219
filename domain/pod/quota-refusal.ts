import { amountOf } from './quantity.ts';

/** The API server's words for a quota without room. */
const REFUSAL =
  /exceeded quota: [^,]+, requested: (?<requested>.+), used: (?<used>.+), limited: (?<limited>.+)$/;

/**
 * Returns whether a pod that a quota refuses fits in place of its predecessor, which the quota counts as
 * long as it exists. Assumes that the predecessor uses as much as its successor; if the same roll also
 * raises the resources of the node, the StatefulSet controller reports the quota.
 *
 * @param message the API server's words.
 */
export function fitsInPlace(message: string): boolean {
  const { requested, used, limited } = REFUSAL.exec(message)?.groups ?? {};
  if (requested === undefined || used === undefined || limited === undefined) return false;
  const amounts = { used: amountsOf(used), limited: amountsOf(limited) };
  return [...amountsOf(requested)].every(([resource, wants]) => {
    const uses = amounts.used.get(resource);
    const limit = amounts.limited.get(resource);
    if (uses === undefined || limit === undefined) return false;
    return uses - Math.min(wants, uses) + wants <= limit;
  });
}

/** Reads `pods=1,requests.memory=2Gi`, and drops anything that is no amount. */
function amountsOf(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(',').flatMap((pair): [string, number][] => {
      const [resource = '', quantity = ''] = pair.split('=');
      const amount = amountOf(quantity);
      return amount === undefined ? [] : [[resource.trim(), amount]];
    }),
  );
}
