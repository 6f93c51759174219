import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface KeyPair {
  /** PEM files. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of a test's own, which issues certificates for this machine's loopback. */
export interface Authority extends KeyPair {
  issue(commonName: string): Promise<KeyPair>;
}

export interface Certificates {
  authority(name: string): Promise<Authority>;
  dispose(): Promise<void>;
}

const NAMES = 'subjectAltName=IP:127.0.0.1,DNS:localhost';

/** Made by openssl at test time, so that no key is kept in the repository and none expires. */
export async function certificates(): Promise<Certificates> {
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-certificates-'));
  const fileOf = (name: string): string => path.join(directory, name);
  const pair = (name: string): KeyPair => ({
    cert: fileOf(`${name}.crt`),
    key: fileOf(`${name}.key`),
  });
  const makeKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  return {
    authority: async (name) => {
      const ca = pair(name);
      const subject = ['-subj', `/CN=${name}`, '-days', '1'];
      await run('openssl', ['req', '-x509', ...makeKey, ...subject, ...outputs(ca)]);
      return {
        ...ca,
        issue: async (commonName) => {
          const issued = pair(`${name}-${commonName}`);
          const request = fileOf(`${name}-${commonName}.csr`);
          const extensions = fileOf('extensions');
          await writeFile(extensions, NAMES);
          const signs = ['-CA', ca.cert, '-CAkey', ca.key, '-days', '1', '-extfile', extensions];
          const asks = ['-subj', `/CN=${commonName}`, '-keyout', issued.key, '-out', request];
          await run('openssl', ['req', ...makeKey, ...asks]);
          await run('openssl', ['x509', '-req', '-in', request, ...signs, '-out', issued.cert]);
          return issued;
        },
      };
    },
    dispose: () => rm(directory, { recursive: true }),
  };
}

function outputs({ key, cert }: KeyPair): readonly string[] {
  return ['-keyout', key, '-out', cert];
}
