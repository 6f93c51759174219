import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes an executable that runs these lines of shell; without any, one that does nothing. */
export async function writeProgram(path: string, ...lines: readonly string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // The file may be a link to a program that is in use.
  await rm(path, { force: true });
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path, 0o755);
}
