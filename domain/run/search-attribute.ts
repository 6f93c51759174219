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
