import { amountOf } from './quantity.ts';

/** How the API server says that a quota has no room. */
const REFUSAL =
  /exceeded quota: [^,]+, requested: (?<requested>.+), used: (?<used>.+), limited: (?<limited>.+)$/;

/**
 * Whether a pod that a quota refuses fits in place of the one that it succeeds, which the quota counts as
 * long as it is there. That one is taken to use what its successor does; where the resources of a node
 * were raised in the same roll, the quota is heard of from the StatefulSet controller.
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

/** Reads `pods=1,requests.memory=2Gi`; what is no amount is not there. */
function amountsOf(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split(',').flatMap((pair): [string, number][] => {
      const [resource = '', quantity = ''] = pair.split('=');
      const amount = amountOf(quantity);
      return amount === undefined ? [] : [[resource.trim(), amount]];
    }),
  );
}
