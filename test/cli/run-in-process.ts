import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import { runCli } from '../../cli/run-cli.ts';
import { terminalOn } from '../../cli/shell/terminal.ts';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, with pipes for a terminal. */
export async function run(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  let out = '';
  let err = '';
  const terminal = terminalOn(
    { write: (text) => (out += text) },
    { write: (text) => (err += text) },
    {},
  );
  const interrupted = new AbortController().signal;
  const code = await runCli(words, { terminal, env, program: 'seinode', interrupted });
  return { code, out, err };
}

/** Writes a file that goes with the test. */
export function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'seinode-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, text);
  return path;
}

/** Writes a kubeconfig for a server; its context names a namespace. */
export function kubeconfigFor(server: string): string {
  const config = {
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'rpc' } }],
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: {} }],
  };
  return fileWith(JSON.stringify(config));
}

/** The answers by the beginning of a path: each call gets the first that fits. */
type Answers = Readonly<Record<string, readonly [status: number, body: object]>>;

/** Starts an API server that answers by path. @returns its URL */
export async function serverThat(answers: Answers): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const found = Object.entries(answers).find(([path]) => url.startsWith(path));
    const [status, body] = found?.[1] ?? [404, { kind: 'Status', message: 'not found' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts an API server that answers everything alike. */
export function serverThatAnswers(status: number, body: object): Promise<string> {
  return serverThat({ '/': [status, body] });
}
