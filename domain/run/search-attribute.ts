/**
 * The search attributes of a run, all of type Keyword. They are never encrypted, so nothing secret
 * may go into them. Wire names.
 */
export const SEARCH_ATTRIBUTES = {
  node: 'SeiNode',
  namespace: 'SeiNamespace',
  chain: 'SeiChain',
  image: 'SeiImage',
  step: 'SeiStep',
  outcome: 'SeiOutcome',
} as const;

export type SearchAttribute = keyof typeof SEARCH_ATTRIBUTES;

/** The length of the column that a SQL database of Temporal has for a Keyword, in characters: VARCHAR(255). */
const LONGEST_VALUE = 255;

/**
 * Returns a value as a search attribute can hold it: a longer one would keep the run out of the lists for ever. What
 * distinguishes images is at their end, and what people search for at their beginning, so it leaves out the middle.
 */
export function searchAttributeValue(text: string): string {
  // PostgreSQL counts characters, of which JavaScript counts some as two.
  const characters = Array.from(text);
  if (characters.length <= LONGEST_VALUE) return text;
  const kept = Math.floor((LONGEST_VALUE - 1) / 2);
  return `${characters.slice(0, kept).join('')}…${characters.slice(-kept).join('')}`;
}
