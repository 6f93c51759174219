import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Dispatcher, Response } from 'undici';

/** The host could not be reached at all: no other host can be reached either. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Gets text and files from release hosts. */
export interface ReleaseDownloads {
  text(url: string): Promise<string>;
  /**
   * @param onProgress called with the bytes so far, and the total where that is known
   * @returns the SHA-256 of the file, in hexadecimal
   */
  file(url: string, target: string, onProgress: ByteProgress): Promise<string>;
  close(): Promise<void>;
}

type ByteProgress = (bytes: number, total: number | undefined) => void;

/** Base URL of a mirror of the release hosts, in which each host is a top folder. */
const MIRROR = 'SEINODE_DEVCLUSTER_RELEASES_URL';

/** @param env names the proxy to go through, and the mirror to use in place of the release hosts */
export function releaseDownloads(env: NodeJS.ProcessEnv): ReleaseDownloads {
  const mirror = env[MIRROR];
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
    httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
    // A machine without a network should not look as if it hung; with one, a connection takes 0.2 s.
    connect: { timeout: 3000 },
    // A host that has accepted the connection and says nothing for so long will never answer.
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
  const get = (url: string): Promise<Response> => request(mirrored(url, mirror), dispatcher);
  return {
    text: async (url) => await (await get(url)).text(),
    file: async (url, target, onProgress) => await save(await get(url), target, onProgress),
    close: () => dispatcher.close(),
  };
}

function mirrored(url: string, mirror: string | undefined): string {
  if (mirror === undefined || mirror === '') return url;
  const { host, pathname } = new URL(url);
  return `${mirror.replace(/\/+$/, '')}/${host}${pathname}`;
}

async function request(url: string, dispatcher: Dispatcher): Promise<Response> {
  const response = await fetch(url, { dispatcher }).catch((err: unknown) => {
    throw new Unreachable(`${new URL(url).host} cannot be reached (${reason(err)})`);
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`${url} answered ${response.status}`);
}

async function save(response: Response, target: string, onProgress: ByteProgress): Promise<string> {
  if (response.body === null) throw new Error(`${response.url} answered without a body`);
  const hash = createHash('sha256');
  const length = Number(response.headers.get('content-length'));
  const total = length > 0 ? length : undefined;
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onProgress(bytes, total);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), count, createWriteStream(target)).catch(
    (err: unknown) => {
      throw new Error(`${response.url} broke off after ${bytes} bytes (${reason(err)})`);
    },
  );
  return hash.digest('hex');
}

/** Returns the trouble, which the cause of a fetch error names: its own message is "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
