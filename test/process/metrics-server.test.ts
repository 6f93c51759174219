import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Health } from '../../process/health.ts';
import { createHealth } from '../../process/health.ts';
import type { MetricsServer } from '../../process/metrics-server.ts';
import { startMetricsServer } from '../../process/metrics-server.ts';
import { eventually } from '../support/eventually.ts';
import { gate } from '../support/workflow/gate.ts';

let health: Health;
let exposition: () => Promise<string>;
let server: MetricsServer;

beforeEach(async () => {
  health = createHealth();
  exposition = async () => 'up 1\n';
  server = await startMetricsServer({
    address: { host: '127.0.0.1', port: 0 },
    exposition: () => exposition(),
    health,
  });
});

afterEach(() => server.close());

function get(path: string, method = 'GET'): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.address.port}${path}`, { method });
}

describe('startMetricsServer', () => {
  it('serves the metrics in the text format of Prometheus', async () => {
    const response = await get('/metrics?name[]=up');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('up 1\n');
  });

  it('says why metrics cannot be collected, and goes on', async () => {
    exposition = () => Promise.reject(new Error('no'));
    const response = await get('/metrics');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('metrics cannot be collected: no\n');
    expect((await get('/livez')).status).toBe(200);
  });

  it('collects once for all who ask at a time, and again for the next', async () => {
    const collected = gate();
    let times = 0;
    exposition = async () => {
      times += 1;
      await collected.passed;
      return `times ${times}\n`;
    };
    const socket = connect(server.address.port, '127.0.0.1');
    let answered = '';
    socket.on('data', (data: Buffer) => {
      answered += data.toString();
    });
    // One packet, so that all requests arrive before the first answer.
    socket.write('GET /metrics HTTP/1.1\r\nhost: us\r\n\r\n'.repeat(3));
    await eventually('it is asked', () => times > 0);
    collected.open();
    await eventually('all are answered', () => answered.split('times 1\n').length === 4);
    socket.destroy();
    expect(await (await get('/metrics')).text()).toBe('times 2\n');
  });

  it('is alive before it is ready', async () => {
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    health.serve([]);
    expect((await get('/readyz')).status).toBe(200);
    health.drain();
    expect((await get('/readyz')).status).toBe(503);
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '//', 404],
    ['POST', '/metrics', 405],
    ['HEAD', '/readyz', 503],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await get(path, method)).status).toBe(status);
  });

  it('rejects when its address is taken', async () => {
    const { address } = server;
    const second = startMetricsServer({ address, exposition, health });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
