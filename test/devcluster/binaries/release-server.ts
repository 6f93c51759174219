import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import { catalogue } from '../../../devcluster/binaries/catalogue.ts';
import { hostPlatform } from '../../../devcluster/binaries/host-platform.ts';
import type { Tool, ToolName } from '../../../devcluster/binaries/tool.ts';
import { writeProgram } from '../shell-program.ts';

/** Answers a path in place of the truth. */
export type Fault = (response: ServerResponse, body: Buffer) => void;

/** A mirror of the release hosts with a release of every tool. */
export interface ReleaseServer {
  readonly url: string;
  /** Paths asked for so far, each with its host in front. */
  readonly requests: readonly string[];
  /** Answers the release file of a tool in another way. */
  breakRelease(name: ToolName, fault: Fault): void;
  breakChecksum(name: ToolName, fault: Fault): void;
}

/** Returns what the released program of a tool prints when it is run. */
export function releasedProgramSays(name: ToolName): string {
  return `${name} from its release`;
}

export async function startReleaseServer(): Promise<ReleaseServer> {
  const bodies = await releaseBodies();
  const faults = new Map<string, Fault>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push(path);
    const body = bodies.get(path);
    const fault = faults.get(path);
    if (body === undefined) response.writeHead(404).end();
    else if (fault === undefined)
      response.writeHead(200, { 'content-length': body.length }).end(body);
    else fault(response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const release = (name: ToolName) => toolOf(name).release(hostPlatform());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    breakRelease: (name, fault) => void faults.set(pathOf(release(name).url), fault),
    breakChecksum: (name, fault) => void faults.set(pathOf(release(name).checksum.url), fault),
  };
}

async function releaseBodies(): Promise<Map<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'seinode-releases-'));
  try {
    const bodies = new Map<string, Buffer>();
    for (const tool of catalogue) {
      const { url, member, checksum } = tool.release(hostPlatform());
      const body = await releaseOf(tool, member, join(folder, tool.name));
      bodies.set(pathOf(url), body);
      const sum = createHash('sha256').update(body).digest('hex');
      const file = url.slice(url.lastIndexOf('/') + 1);
      const before = bodies.get(pathOf(checksum.url))?.toString() ?? '';
      bodies.set(pathOf(checksum.url), Buffer.from(published(checksum.kind, before, file, sum)));
    }
    return bodies;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function releaseOf(tool: Tool, member: string | undefined, folder: string): Promise<Buffer> {
  const program = join(folder, member ?? tool.name);
  await writeProgram(program, `echo ${releasedProgramSays(tool.name)}`);
  if (member === undefined) return readFileSync(program);
  return execFileSync('tar', ['-czf', '-', '-C', folder, member]);
}

function published(kind: string, before: string, file: string, sum: string): string {
  if (kind === 'file') return `${before}${sum}  ${file}\n`;
  const { assets } = JSON.parse(before === '' ? '{"assets":[]}' : before) as { assets: object[] };
  return JSON.stringify({ assets: [...assets, { name: file, digest: `sha256:${sum}` }] });
}

function pathOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function toolOf(name: ToolName): Tool {
  const tool = catalogue.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`the catalogue has no ${name}`);
  return tool;
}
