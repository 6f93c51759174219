/**
 * Spreads what is done for each node of a fleet evenly over the seconds of an interval. FNV-1a,
 * because it is asked for every node each second.
 */
export function slotOf(key: string, slots: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % slots;
}
