import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Tool } from './tool.ts';
import { versionIn } from './version.ts';

/** @returns the version that a program prints; undefined if it does not run or prints none */
export async function installedVersion(tool: Tool, path: string): Promise<string | undefined> {
  try {
    // A program that asks the network for its version, or waits for input, is not one to use.
    const { stdout, stderr } = await promisify(execFile)(path, tool.versionArguments, {
      timeout: 10_000,
    });
    return versionIn(stdout) ?? versionIn(stderr);
  } catch {
    return undefined;
  }
}
