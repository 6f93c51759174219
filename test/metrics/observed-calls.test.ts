import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import { ApiError } from '../../kubernetes/api/api-error.ts';
import type { CallErrorMetrics } from '../../metrics/call-error-metrics.ts';
import { createCallErrorMetrics } from '../../metrics/call-error-metrics.ts';
import { observedClusterApi } from '../../metrics/observed-cluster-api.ts';
import { observedSidecar } from '../../metrics/observed-sidecar.ts';
import { createUpdateMetrics } from '../../metrics/update-metrics.ts';
import type { SidecarClient } from '../../sidecar/sidecar-client.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import { FakeCluster } from '../support/cluster/fake-cluster.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import type { Series } from './exposition.ts';
import { parseExposition } from './exposition.ts';

const POD = { node: NODE, pod: { name: 'n0-0', ip: '10.0.0.1' } };

let registry: Registry;
let errors: CallErrorMetrics;

beforeEach(() => {
  registry = new Registry();
  errors = createCallErrorMetrics(registry);
});

async function counted(wanted: string): Promise<readonly Series['labels'][]> {
  const series = parseExposition(await registry.metrics());
  return series.filter(({ name, value }) => name === wanted && value > 0).map((one) => one.labels);
}

it('has series to begin with, so that the first errors are an increase', async () => {
  const series = parseExposition(await registry.metrics());
  const known = (name: string) => series.filter((one) => one.name === name && one.value === 0);
  expect(known('seinode_kubernetes_errors_total')).toHaveLength(10);
  expect(known('seinode_sidecar_errors_total')).toHaveLength(18);
});

describe('observedClusterApi', () => {
  it('counts a refused call by its class, and refuses it as before', async () => {
    const { api } = new FakeCluster();
    const refusal = new ApiError(403, '{"message":"no"}');
    const refusing = { ...api, getNode: () => Promise.reject(refusal) };
    const observed = observedClusterApi(refusing, {
      errors,
      updates: createUpdateMetrics(registry),
    });
    await expect(observed.getNode(NODE)).rejects.toBe(refusal);
    expect(await counted('seinode_kubernetes_errors_total')).toEqual([{ class: 'forbidden' }]);
  });

  it('takes an object that is not there for no failure', async () => {
    const { api } = new FakeCluster();
    const observed = observedClusterApi(api, { errors, updates: createUpdateMetrics(registry) });
    expect(await observed.getNode(NODE)).toBeUndefined();
    expect(await counted('seinode_kubernetes_errors_total')).toEqual([]);
  });

  it('counts the outcome of an update when its write has succeeded, not before', async () => {
    const { api } = new FakeCluster();
    const updates = createUpdateMetrics(registry);
    const at = '2026-01-01T12:00:00.000Z';
    const history = [
      { from: 'a', to: 'b', outcome: 'Complete', startedAt: at, endedAt: at, actor: 'spec' },
    ] as const;
    let answer: () => Promise<ReturnType<typeof seiNode>> = () =>
      Promise.reject(new ApiError(409, '{}'));
    const observed = observedClusterApi(
      { ...api, patchNodeStatus: () => answer() },
      { errors, updates },
    );
    await expect(observed.patchNodeStatus(seiNode(), { history })).rejects.toThrow(ApiError);
    expect(await counted('seinode_updates_total')).toEqual([]);
    answer = () => Promise.resolve(seiNode({ status: { history } }));
    await observed.patchNodeStatus(seiNode(), { history });
    expect(await counted('seinode_updates_total')).toEqual([{ outcome: 'complete' }]);
  });
});

describe('observedSidecar', () => {
  const silent: SidecarClient = {
    submitTask: () => Promise.reject(new SidecarError({ kind: 'http', status: 503 }, 'no')),
    getTask: () => Promise.reject(new SidecarError({ kind: 'timeout', timeoutMs: 1 }, 'no')),
    healthz: () => Promise.resolve({ kind: 'unreachable', message: 'no' }),
  };

  it('counts each call that fails by its class', async () => {
    const observed = observedSidecar(silent, errors);
    const submission = { ...POD, id: 'id', type: 'mark-ready' };
    await expect(observed.submitTask(submission)).rejects.toThrow(SidecarError);
    await expect(observed.getTask({ ...POD, id: 'id' })).rejects.toThrow(SidecarError);
    await observed.healthz(POD);
    expect(await counted('seinode_sidecar_errors_total')).toEqual([
      { call: 'submit-task', class: 'http-5xx' },
      { call: 'get-task', class: 'timeout' },
      { call: 'healthz', class: 'unreachable' },
    ]);
  });

  it('takes a sidecar that is not ready for no failure', async () => {
    const starting: SidecarClient = { ...silent, healthz: () => Promise.resolve('not-ready') };
    expect(await observedSidecar(starting, errors).healthz(POD)).toBe('not-ready');
    expect(await counted('seinode_sidecar_errors_total')).toEqual([]);
  });
});
