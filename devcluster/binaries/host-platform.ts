import type { Platform } from './tool.ts';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' } as const;

/** @throws on a platform that cannot run a devcluster */
export function hostPlatform(os = process.platform, architecture = process.arch): Platform {
  const arch = Object.entries(ARCHITECTURES).find(([name]) => name === architecture)?.[1];
  if (os !== 'linux' || arch === undefined) {
    throw new Error(
      `The devcluster runs on Linux on amd64 or arm64, not on ${os} on ${architecture}: its pods answer at loopback addresses, which only Linux has without set-up. Use any Kubernetes cluster and Temporal server instead (README.md)`,
    );
  }
  return { os: 'linux', arch };
}
