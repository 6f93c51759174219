import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import { NODE, seiNode } from '../../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN } from '../activity-bed.ts';
import { ALL_SCENARIOS } from '../all-scenarios.ts';
import { endOf } from '../end-of.ts';

const NOT_LISTED = { type: 'NamespaceNotListed', nonRetryable: false };

describe.each(ALL_SCENARIOS)('$name', (scenario) => {
  it('concludes nothing about a node whose namespace is not listed yet, and is retried', async () => {
    const { bed, attempt } = await scenario.prepare();
    const before = bed.state;
    bed.cluster.requests.clear();
    bed.cluster.cache.unlist(NODE.namespace);
    await expect(attempt()).rejects.toMatchObject(NOT_LISTED);
    expect(bed.cluster.requests.all).toEqual([]);
    expect(bed.state).toEqual(before);
  });

  it('comes to the same end while another namespace is not listed', async () => {
    const end = await endOf(scenario, ({ bed }) => bed.cluster.cache.unlist('others'));
    expect(end).toEqual(await endOf(scenario));
  });
});

it.each(Object.keys(new ActivityBed().activities) as (keyof NodeActivities)[])(
  'is a rule of %s',
  async (name) => {
    const bed = new ActivityBed();
    bed.cluster.cache.unlist(NODE.namespace);
    await expect(bed.run(name, PLAN as never)).rejects.toMatchObject(NOT_LISTED);
  },
);

it('does not bring a node up without the peers of a namespace that is not listed yet', async () => {
  const bed = new ActivityBed();
  const peers = [{ label: { namespace: 'others', selector: { chain: 'one' } } }];
  bed.cluster.createNode(seiNode({ spec: { peers } }));
  bed.cluster.cache.unlist('others');
  await expect(bed.run('beginInit', BEGIN)).rejects.toMatchObject(NOT_LISTED);
  expect(bed.node.status?.plan).toBeUndefined();
  bed.cluster.cache.list('others');
  expect(await bed.run('beginInit', BEGIN)).toMatchObject({ kind: 'begun' });
});
