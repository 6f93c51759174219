import { readAdmin, startApiProxy } from '../support/servers/api-proxy.ts';
import { writeTokenKubeconfig } from '../support/testbed/token-kubeconfig.ts';
import type { Access } from './access.ts';
import { accessOf } from './access.ts';

/**
 * A proxy before the API server that adds nothing to a request: who asks is who the bearer token
 * says, and what was answered is recorded. (The recorder of `test/support` asks as an admin.)
 */
export interface AccessRecorder {
  /** By which a process goes through the recorder, as the account of the token. */
  readonly kubeconfigPath: string;
  readonly accesses: readonly Access[];
  close(): Promise<void>;
}

interface RecorderOptions {
  /** Of a devcluster. */
  readonly adminKubeconfig: string;
  /** Holds the bearer token. The kubeconfig is written beside it. */
  readonly tokenFile: string;
}

export async function startAccessRecorder(options: RecorderOptions): Promise<AccessRecorder> {
  const admin = await readAdmin(options.adminKubeconfig);
  const accesses: Access[] = [];
  const proxy = await startApiProxy(admin, 'as-token-says', (incoming, forward) => {
    forward(({ statusCode: status = 502 }) => {
      const { method = '', url = '' } = incoming;
      const access = accessOf({ method, url, status });
      if (access !== undefined) accesses.push(access);
      return true;
    });
  });
  const kubeconfigPath = `${options.tokenFile}.kubeconfig`;
  const { tokenFile } = options;
  await writeTokenKubeconfig(kubeconfigPath, { ...admin, server: proxy.server }, { tokenFile });
  return { kubeconfigPath, accesses, close: () => proxy.close() };
}
