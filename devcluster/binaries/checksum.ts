import { z } from 'zod';

import type { ChecksumSource } from './tool.ts';

const SHA256 = /^[0-9a-f]{64}$/;

const githubRelease = z.object({
  assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
});

/**
 * Finds the published checksum of a release file.
 *
 * @param text the answer of the checksum source
 * @param file name of the release file
 * @returns SHA-256 in lower-case hexadecimal; undefined if the text has none for this file
 */
export function publishedChecksum(
  kind: ChecksumSource['kind'],
  text: string,
  file: string,
): string | undefined {
  const found = kind === 'file' ? inChecksumFile(text, file) : inGithubRelease(text, file);
  const checksum = found?.toLowerCase();
  return checksum !== undefined && SHA256.test(checksum) ? checksum : undefined;
}

function inChecksumFile(text: string, file: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const [first] = lines;
  if (lines.filter(([checksum]) => checksum !== '').length === 1 && first?.length === 1) {
    return first[0];
  }
  // sha256sum puts an asterisk before the names of files that it read as binary.
  return lines.find(([, name]) => name?.replace(/^\*/, '') === file)?.[0];
}

function inGithubRelease(text: string, file: string): string | undefined {
  const release = githubRelease.safeParse(parsedJson(text));
  const asset = release.data?.assets.find(({ name }) => name === file);
  return asset?.digest?.replace(/^sha256:/, '');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
