import { describe, expect } from 'vitest';

import { ExitCode } from '../../cli/shell/exit-code.ts';
import { launchOperatorProcess } from '../support/testbed/operator-process.ts';
import { runSetUp } from '../support/testbed/run-set-up.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { certificates } from '../temporal/certificates.ts';
import type { KeyPair } from '../temporal/certificates.ts';
import type { TlsProxy } from '../temporal/tls-proxy.ts';
import { startTlsProxy } from '../temporal/tls-proxy.ts';

type Environment = Readonly<Record<string, string>>;

const API_KEY = 'a-key-of-a-service-account';

/** Temporal behind TLS that asks for a client certificate, and behind TLS that asks for none. */
interface Tls {
  readonly mutual: TlsProxy;
  readonly oneWay: TlsProxy;
  /** The settings that reach it properly. */
  readonly byCertificate: Environment;
  readonly byApiKey: Environment;
  /** A key pair of an authority that nobody trusts. */
  readonly stranger: KeyPair;
  readonly strangeAuthority: KeyPair;
  /** The plain server. */
  readonly upstream: string;
  close(): Promise<void>;
}

async function openTls(upstream: string): Promise<Tls> {
  const made = await certificates();
  const authority = await made.authority('ours');
  const strangeAuthority = await made.authority('theirs');
  const server = await authority.issue('server');
  const client = await authority.issue('operator');
  const mutual = await startTlsProxy({ upstream, server, clientAuthority: authority });
  const oneWay = await startTlsProxy({ upstream, server });
  const trusting = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.cert };
  return {
    mutual,
    oneWay,
    byCertificate: {
      ...trusting,
      TEMPORAL_ADDRESS: mutual.address,
      TEMPORAL_TLS_CLIENT_CERT_PATH: client.cert,
      TEMPORAL_TLS_CLIENT_KEY_PATH: client.key,
    },
    byApiKey: { ...trusting, TEMPORAL_ADDRESS: oneWay.address, TEMPORAL_API_KEY: API_KEY },
    stranger: await strangeAuthority.issue('operator'),
    strangeAuthority,
    upstream,
    close: async () => {
      await Promise.all([mutual.close(), oneWay.close()]);
      await made.dispose();
    },
  };
}

const it = testbedTest('tls', []).extend(
  'tls',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    const tls = await openTls(bed.cluster.temporalAddress);
    onCleanup(() => tls.close());
    return tls;
  },
);

describe('worker, watcher and set-up', () => {
  it.for(['byCertificate', 'byApiKey'] as const)(
    'reach Temporal through TLS, known %s',
    async (by, { bed, tls }) => {
      const env = tls[by];
      const { code, stderr } = await runSetUp({ ...bed.env, ...env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

      const processes = await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
      const name = by.toLowerCase();
      await bed.nodes.createRunning(name, V1);
      await bed.nodes.setImage(name, V2);
      await bed.nodes.untilSettledOn(name, V2);
      await Promise.all(processes.map((each) => each.stop('SIGTERM')));

      const { calls } = by === 'byCertificate' ? tls.mutual : tls.oneWay;
      for (const method of ['SignalWithStartWorkflowExecution', 'RespondWorkflowTaskCompleted']) {
        const made = calls.filter(({ path }) => path.endsWith(`/${method}`));
        expect(made.length).toBeGreaterThan(0);
      }
      const callers = new Set(calls.map(({ caller }) => caller));
      const keys = new Set(calls.map(({ authorization }) => authorization));
      expect(callers).toEqual(new Set([by === 'byCertificate' ? 'operator' : undefined]));
      expect(keys).toEqual(new Set([by === 'byApiKey' ? `Bearer ${API_KEY}` : undefined]));
    },
  );
});

describe('an API key without TLS', () => {
  it('is possible where somebody asks for it', async ({ bed }) => {
    const env = { ...bed.env, TEMPORAL_API_KEY: API_KEY, TEMPORAL_TLS: 'false' };
    expect(await runSetUp(env)).toMatchObject({ code: 0, stderr: '' });
  });
});

interface Mistake {
  readonly what: string;
  readonly env: (tls: Tls) => Environment;
  readonly told: RegExp;
  /** The exit code of set-up; default is `unreachable`. */
  readonly exit?: ExitCode;
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'another authority',
    env: ({ byCertificate, strangeAuthority }) => ({
      ...byCertificate,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: strangeAuthority.cert,
    }),
    told: /shows a certificate of an authority that is not trusted; set TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
  },
  {
    what: 'no client certificate',
    env: ({ byCertificate }) => ({
      ...byCertificate,
      TEMPORAL_TLS_CLIENT_CERT_PATH: '',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '',
    }),
    told: /asks for a client certificate; set TEMPORAL_TLS_CLIENT_CERT_PATH/,
  },
  {
    what: "a stranger's client certificate",
    env: ({ byCertificate, stranger }) => ({
      ...byCertificate,
      TEMPORAL_TLS_CLIENT_CERT_PATH: stranger.cert,
      TEMPORAL_TLS_CLIENT_KEY_PATH: stranger.key,
    }),
    told: /does not accept our client certificate; check TEMPORAL_TLS_CLIENT_CERT_PATH/,
  },
  {
    what: 'another server name',
    env: ({ byCertificate }) => ({
      ...byCertificate,
      TEMPORAL_TLS_SERVER_NAME: 'temporal.example.com',
    }),
    told: /shows a certificate of another name; set TEMPORAL_TLS_SERVER_NAME/,
  },
  {
    what: 'no TLS at all',
    env: ({ oneWay }) => ({ TEMPORAL_ADDRESS: oneWay.address }),
    told: /hangs up on plain gRPC; if it speaks TLS, set TEMPORAL_TLS=true/,
  },
  {
    what: 'TLS where there is none',
    env: ({ upstream }) => ({
      TEMPORAL_ADDRESS: upstream.replace('127.0.0.1', 'localhost'),
      TEMPORAL_API_KEY: API_KEY,
    }),
    told: /does not speak TLS; set TEMPORAL_TLS=false/,
  },
  {
    what: 'a certificate file that is not there',
    env: ({ byCertificate }) => ({
      ...byCertificate,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.crt',
    }),
    told: /bad Temporal settings .*\/nowhere\/ca\.crt/,
    exit: ExitCode.usage,
  },
];

describe('worker, watcher and set-up, each in one sentence,', () => {
  it.for(MISTAKES)(
    'name $what',
    async ({ env: envOf, told, exit = ExitCode.unreachable }, { bed, tls }) => {
      const env = { ...bed.env, ...envOf(tls) };
      const processes = (['worker', 'watcher'] as const).map((role) =>
        launchOperatorProcess(role, env),
      );
      const setUp = await runSetUp(env);
      expect(setUp.code).toBe(exit);
      expect(sentencesOf(setUp.stderr)).toEqual([expect.stringMatching(told)]);
      for (const process of processes) {
        expect(await process.ended).toEqual({ code: 1, signal: null });
        expect(sentencesOf(process.log())).toEqual([expect.stringMatching(told)]);
      }
    },
  );
});

/** Lists what a process writes beside its log. */
function sentencesOf(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
}
