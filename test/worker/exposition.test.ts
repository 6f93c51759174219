import type { Server } from 'node:http';
import { createServer } from 'node:http';

import { Counter, Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { expositionOf } from '../../worker/exposition.ts';
import { freeLoopbackPort } from '../../worker/sdk-metrics.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { parseExposition } from '../metrics/exposition.ts';

let registry: Registry;
let server: Server;
let port: number;

beforeEach(async () => {
  registry = new Registry();
  new Counter({ name: 'ours_total', help: 'x', registers: [registry] });
  port = await freeLoopbackPort();
  server = createServer((_, response) => response.end('# HELP temporal_x x\ntemporal_x 1\n'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function names(sdkPort: number | undefined, log = recordedLog()) {
  const text = await expositionOf(registry, sdkPort, log)();
  return parseExposition(text).map(({ name }) => name);
}

describe('expositionOf', () => {
  it('renders the metrics of the SDK after ours', async () => {
    expect(await names(port)).toEqual(['ours_total', 'temporal_x']);
  });

  it('renders ours alone if the SDK keeps none', async () => {
    expect(await names(undefined)).toEqual(['ours_total']);
  });

  it('renders ours, and logs a warning, when the exporter of the SDK does not answer', async () => {
    const log = recordedLog();
    expect(await names(await freeLoopbackPort(), log)).toEqual(['ours_total']);
    expect(log.entries.map(({ message }) => message)).toEqual(['metrics of the SDK not read']);
  });
});
