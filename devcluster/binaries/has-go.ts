import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Returns whether a Go toolchain can be run. */
export async function hasGo(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    // `go version` answers in milliseconds; `go env` and `go build` may first download another toolchain.
    await promisify(execFile)('go', ['version'], { env, timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
