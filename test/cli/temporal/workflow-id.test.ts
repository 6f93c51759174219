import { describe, expect, it } from 'vitest';

import type { Session } from '../../../cli/shell/session.ts';
import { workflowIdOf } from '../../../cli/temporal/workflow-id.ts';
import { plan, runningNode } from '../../support/sei-node.ts';

const session = { settings: { clusterName: 'eu1' }, kubernetes: {} } as Session;

const idFor = (workflowId: string | undefined) =>
  workflowIdOf(
    session,
    runningNode({ status: { plan: plan(workflowId === undefined ? {} : { workflowId }) } }),
  );

describe('workflowIdOf', () => {
  it('is the one that status records, whatever the cluster is called by now', async () => {
    expect(await idFor('seinode/before/default/n0')).toBe('seinode/before/default/n0');
  });

  it.each([
    'seinode/eu1/default/victim',
    'seinode/eu1/others/n0',
    'seinode/eu1/others/default/n0',
    'something-else',
    '',
  ])('is never that of another node: %s', async (recorded) => {
    expect(await idFor(recorded)).toBe('seinode/eu1/default/n0');
  });
});
