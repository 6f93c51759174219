import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it } from 'vitest';

import { seidContainer } from '../../manifests/seid-container.ts';
import { platform, sampleNode, target } from './fixtures.ts';

const run = promisify(execFile);
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

describe('the start script of seid', () => {
  it('starts seid once the sidecar answers 200, not while it hangs up or answers 503', async () => {
    const answers = ['', 'HTTP/1.1 503 Service Unavailable\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'];
    const sidecar = await listening(answers);
    expect(await runScript(sidecar.port)).toBe('seid start --home /.sei\n');
    expect(sidecar.requests).toEqual(answers.map(() => 'GET /v0/healthz HTTP/1.0'));
  });
});

/** Starts a sidecar that gives these answers, one for each connection. */
async function listening(answers: readonly string[]) {
  const requests: string[] = [];
  const server: Server = createServer((socket) => {
    // The script hangs up as soon as it has read enough.
    socket.on('error', () => socket.destroy());
    socket.once('data', (data) => {
      const answer = answers[requests.length] ?? '';
      requests.push(data.toString().split('\r\n')[0] ?? '');
      socket.end(answer);
    });
  });
  cleanups.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, requests };
}

/** Runs the container's command with a `seid` that prints its arguments and a `sleep` that does not. */
async function runScript(port: number): Promise<string> {
  const bin = mkdtempSync(join(tmpdir(), 'seid-container-'));
  cleanups.push(() => rmSync(bin, { recursive: true }));
  executable(join(bin, 'seid'), 'echo seid "$@"');
  executable(join(bin, 'sleep'), 'exit 0');
  const node = sampleNode('full-node', { sidecar: { port } });
  const [shell = '', ...args] = seidContainer(node, target, platform).command ?? [];
  const { stdout } = await run(shell, args, {
    env: { PATH: [bin, process.env['PATH']].join(delimiter) },
    // Three connections on loopback; a loop that never ends must fail the test, not hang it.
    timeout: 10_000,
  });
  return stdout;
}

function executable(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
