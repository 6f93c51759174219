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
  /** @param goodForSeconds by default a day */
  issue(commonName: string, goodForSeconds?: number): Promise<KeyPair>;
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
        issue: async (commonName, goodForSeconds = 86_400) => {
          const issued = pair(`${name}-${commonName}`);
          const request = fileOf(`${name}-${commonName}.csr`);
          const extensions = fileOf('extensions');
          await writeFile(extensions, NAMES);
          const signs = ['-cert', ca.cert, '-keyfile', ca.key, '-extfile', extensions];
          const asks = ['-subj', `/CN=${commonName}`, '-keyout', issued.key, '-out', request];
          await run('openssl', ['req', ...makeKey, ...asks]);
          await writeFile(fileOf('index'), '');
          await writeFile(fileOf('config'), configOf(directory));
          const now = Date.now();
          const from = ['-startdate', timeOf(now)];
          const to = ['-enddate', timeOf(now + goodForSeconds * 1_000)];
          const signing = ['ca', '-batch', '-notext', '-config', fileOf('config'), ...signs];
          await run('openssl', [...signing, ...from, ...to, '-in', request, '-out', issued.cert]);
          return issued;
        },
      };
    },
    dispose: () => rm(directory, { recursive: true }),
  };
}

/** Of `openssl ca`, which alone lets a certificate be good for less than a day. */
function configOf(directory: string): string {
  return `[ca]
default_ca = test
[test]
database = ${directory}/index
new_certs_dir = ${directory}
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`;
}

/** YYYYMMDDHHMMSSZ, as X.509 has it. */
function timeOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '');
}

function outputs({ key, cert }: KeyPair): readonly string[] {
  return ['-keyout', key, '-out', cert];
}
