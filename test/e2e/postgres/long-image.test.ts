import { describe, expect } from 'vitest';

import { SEARCH_ATTRIBUTES, searchAttributeValue } from '../../../domain/run/search-attribute.ts';
import { eventually } from '../../support/eventually.ts';
import { V1 } from '../../support/testbed/sei-nodes.ts';
import { testbedTest } from '../../support/testbed/testbed-test.ts';

/** Longer than a column of the database; a registry takes it. */
const IMAGE = `ghcr.io/${'sei-protocol/'.repeat(15)}sei:v2-${'x'.repeat(100)}@sha256:${'0a'.repeat(32)}`;

const it = testbedTest('long-image', ['worker', 'watcher']);

describe('an image that is longer than a search attribute can be', () => {
  it('is rolled, and its run is listed by the image in short', async ({ bed }) => {
    expect(IMAGE.length).toBeGreaterThan(255);
    await bed.nodes.createRunning('n0', V1);
    await bed.runs.closed(bed.key('n0'));
    await bed.nodes.setImage('n0', IMAGE);
    await bed.nodes.untilSettledOn('n0', IMAGE);
    const { image, namespace } = SEARCH_ATTRIBUTES;
    const query = `${namespace} = '${bed.namespace}' AND ${image} = '${searchAttributeValue(IMAGE)}'`;
    await eventually('the run is listed as completed', async () => {
      for await (const { type, status } of bed.temporal.workflow.list({ query })) {
        if (type === 'nodeUpdate' && status.name === 'COMPLETED') return true;
      }
      return false;
    });
  });
});
