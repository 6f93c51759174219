import type { TracedRequest } from './effect.ts';

/**
 * The user agents of the operator's processes (`steady-state.test.ts` sees worker and watcher send them). The tests,
 * kubectl, the controllers and the simulated machines have others.
 */
const OPERATOR = new Set(['seinode-worker', 'seinode-watcher', 'seinode-cli']);

export function isByOperator({ userAgent }: TracedRequest): boolean {
  return OPERATOR.has(userAgent);
}
