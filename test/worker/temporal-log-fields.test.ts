import { describe, expect, it } from 'vitest';

import { temporalLogFields } from '../../worker/temporal-log-fields.ts';

describe('temporalLogFields', () => {
  it('names the node, and its Kubernetes namespace in place of the one of Temporal', () => {
    const fields = temporalLogFields({
      namespace: 'default',
      workflowId: 'seinode/eu/nodes/n0',
      workflowRunId: 'run',
      taskToken: 'AAAA',
      attempt: 3,
    });
    expect(fields).toEqual({
      namespace: 'nodes',
      name: 'n0',
      temporalNamespace: 'default',
      workflowId: 'seinode/eu/nodes/n0',
      runId: 'run',
      attempt: 3,
    });
  });

  it.each(['other', 'seinode/eu/nodes', 'seinode/eu/nodes/n0/x'])(
    'names no node for the workflow id %s',
    (workflowId) => {
      expect(temporalLogFields({ workflowId })).toEqual({ workflowId });
    },
  );

  it('puts an error where its stack is written', () => {
    const error = new Error('no');
    expect(temporalLogFields({ error })).toEqual({ err: error });
  });
});
