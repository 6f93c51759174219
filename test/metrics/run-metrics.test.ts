import { Registry } from 'prom-client';
import { expect, it } from 'vitest';

import { createRunMetrics } from '../../metrics/run-metrics.ts';
import { parseExposition } from './exposition.ts';

it('counts the ends of runs, and has a series for each from the start', async () => {
  const registry = new Registry();
  const metrics = createRunMetrics(registry);
  metrics.ended('nodeInit', 'given-up');
  metrics.ended('nodeDelete', 'complete');
  metrics.ended('nodeDelete', 'complete');
  const counted = parseExposition(await registry.metrics()).map(
    ({ labels, value }) => `${labels['work']} ${labels['outcome']} ${value}`,
  );
  expect(counted).toEqual([
    'nodeInit complete 0',
    'nodeInit failed 0',
    'nodeInit given-up 1',
    'nodeUpdate complete 0',
    'nodeUpdate failed 0',
    'nodeSync complete 0',
    'nodeSync failed 0',
    'nodeDelete complete 2',
    'nodeDelete failed 0',
  ]);
});
