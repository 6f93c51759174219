import { NODE_LABEL } from '../node/sei-node.ts';
import { boundedWord } from '../text/bounded-text.ts';
import { MOST_LABELS } from './live-object.ts';

type Labels = Readonly<Record<string, string>>;

/** Returns label `sei.io/node`, if there is one, and the first few others: an object may have thousands. */
export function fewLabels(labels: Labels): Labels {
  const { [NODE_LABEL]: node, ...others } = labels;
  const few = Object.entries(others).slice(0, MOST_LABELS);
  return {
    ...(node !== undefined && { [NODE_LABEL]: boundedWord(node) }),
    ...Object.fromEntries(few.map(([key, value]) => [boundedWord(key), boundedWord(value)])),
  };
}
