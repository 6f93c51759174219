import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { platform } from '../../devcluster/platform.ts';
import { runningNode } from '../support/sei-node.ts';
import { fileWith, kubeconfigFor, run, serverThat, serverThatAnswers } from './run-in-process.ts';

/** Every command that asks Kubernetes, with its arguments. */
const COMMANDS = {
  list: [],
  status: ['n0'],
  watch: ['n0'],
  history: ['n0'],
  logs: ['n0'],
  'set-image': ['n0', 'ghcr.io/sei-protocol/sei:v2'],
  pause: ['n0'],
  resume: ['n0'],
  retry: ['n0'],
  rollback: ['n0'],
  'start-update': ['n0'],
  diff: ['n0'],
  doctor: [],
} as const satisfies Record<string, readonly string[]>;

type CommandName = keyof typeof COMMANDS;

const ALL = Object.keys(COMMANDS) as readonly CommandName[];
const STEERING: readonly CommandName[] = ['pause', 'resume', 'retry', 'rollback'];
/** All but `doctor`, whose result is whatever it finds wrong. */
const ASKING = ALL.filter((name) => name !== 'doctor');
const ABOUT_A_NODE = ASKING.filter((name) => name !== 'list');

/** Such a command loads the client library, and tries for four seconds. */
const SLOW = { timeout: 60_000 };

const NOWHERE = 'http://127.0.0.1:1';
const PATH = '/apis/sei.io/v1alpha1';
const NODE = runningNode({ metadata: { name: 'n0', namespace: 'rpc' } });
const FORMATS = ['text', 'json'] as const;

// `diff` and `start-update` read these settings before they ask anybody.
beforeAll(() => {
  for (const [name, value] of Object.entries(platform)) vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
});

/** Matches an answer to bad input: one sentence, and nothing that a pipe would take for a result. */
function sentence(code: number, said: RegExp) {
  const err = expect.stringMatching(new RegExp(`^seinode.*${said.source}.*\\n$`)) as string;
  return { code, out: '', err };
}

/** Combines commands with formats of their output. */
function inFormats(names: readonly CommandName[]) {
  return names.flatMap((name) => FORMATS.map((format) => [name, format] as const));
}

function wordsOf(name: CommandName, format: string, server: string): readonly string[] {
  return [name, ...COMMANDS[name], '-o', format, '--kubeconfig', kubeconfigFor(server)];
}

describe.each(ALL)('%s', (name) => {
  it('refuses a flag that it does not know, and suggests a near one', async () => {
    const words = [name, ...COMMANDS[name], '--contxt', 'x', '-o', 'json'];
    const help = `see seinode ${name} --help`;
    expect(await run(words)).toEqual({
      code: 2,
      out: '',
      err: `seinode ${name}: unknown option '--contxt' (Did you mean --context?); ${help}\n`,
    });
  });

  it('is suggested for a near name', async () => {
    const typo = `${name.slice(0, -1)}x`;
    const said = new RegExp(`unknown command '${typo}' \\(Did you mean .*${name}`);
    expect(await run([typo])).toEqual(sentence(2, said));
  });

  it('refuses an argument too many', async () => {
    const { length } = COMMANDS[name];
    const said = new RegExp(
      ` ${name}: too many arguments .* Expected ${length} arguments? but got ${length + 1}: .*; see seinode ${name} --help`,
    );
    expect(await run([name, ...COMMANDS[name], 'more'])).toEqual(sentence(2, said));
  });

  it('refuses a format that there is not', async () => {
    const said = /argument 'xml' is invalid\. Allowed choices are text, wide, json, yaml; see /;
    expect(await run([name, ...COMMANDS[name], '-o', 'xml'])).toEqual(sentence(2, said));
  });

  it('names a kubeconfig that is not there, and one that cannot be read', async () => {
    const words = [name, ...COMMANDS[name], '-o', 'json', '--kubeconfig'];
    expect(await run([...words, '/nowhere/config'])).toEqual(
      sentence(2, /\/nowhere\/config does not exist/),
    );
    const broken = fileWith('clusters: [a\n  b: c');
    const said = new RegExp(`${broken} cannot be used: .*; fix it, or name another`);
    expect(await run([...words, broken])).toEqual(sentence(2, said));
  });

  it('names a context that there is not, and those that there are', async () => {
    const words = [...wordsOf(name, 'json', NOWHERE), '--context', 'there'];
    expect(await run(words)).toEqual(sentence(2, /has no context "there"; it has: here/));
  });

  it('names a variable with a value that cannot be used', async () => {
    const env = { SEINODE_RESYNC_SECONDS: 'soon' };
    const { code, out, err } = await run(wordsOf(name, 'json', NOWHERE), env);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^seinode: bad settings in the environment:\n {2}SEINODE_RESYNC_SECONDS=soon: .*\n$/,
    );
  });
});

describe('a command about a node', () => {
  it.each(ABOUT_A_NODE)('names an argument that is missing: %s', async (name) => {
    const said = /: missing required argument 'name'; see seinode .* --help/;
    expect(await run([name])).toEqual(sentence(2, said));
  });

  it.each(ABOUT_A_NODE)('refuses an empty name: %s', async (name) => {
    const [, ...others] = COMMANDS[name];
    const where = ['--kubeconfig', kubeconfigFor(NOWHERE)];
    expect(await run([name, '', ...others, ...where])).toEqual(
      sentence(2, /: the name of the SeiNode is empty/),
    );
  });

  it.each(inFormats(ABOUT_A_NODE))('suggests a near name: %s -o %s', async (name, format) => {
    const near = runningNode({ metadata: { name: 'n01', namespace: 'rpc' } });
    const server = await serverThat({
      [`${PATH}/namespaces/rpc/seinodes/n0`]: [404, { kind: 'Status', details: { name: 'n0' } }],
      [PATH]: [200, { metadata: { resourceVersion: '1' }, items: [near] }],
    });
    const said = /: SeiNode rpc\/n0 does not exist; did you mean n01\?/;
    expect(await run(wordsOf(name, format, server))).toEqual(sentence(1, said));
  });
});

describe('an API server', () => {
  it.each(inFormats(ASKING))('that cannot be reached is named: %s -o %s', async (name, format) => {
    const said = /: cannot reach Kubernetes at http:\/\/127\.0\.0\.1:1: .*; check --context/;
    expect(await run(wordsOf(name, format, NOWHERE))).toEqual(sentence(4, said));
  });

  it.each(inFormats(ASKING))('that wants a login says so: %s -o %s', async (name, format) => {
    const server = await serverThatAnswers(401, { kind: 'Status', message: 'Unauthorized' });
    const said = /does not accept these credentials; log in again, or use another --context/;
    expect(await run(wordsOf(name, format, server))).toEqual(sentence(1, said));
  });

  it.each(inFormats(ASKING))('that refuses names the right: %s -o %s', async (name, format) => {
    const message = 'User "x" cannot get resource "seinodes"';
    const details = { name: 'n0' };
    const server = await serverThatAnswers(403, { kind: 'Status', message, details });
    const said = /: User "x" cannot get resource "seinodes"; have that right granted to you/;
    expect(await run(wordsOf(name, format, server))).toEqual(sentence(1, said));
  });

  it.each(inFormats(ASKING))(
    'without the CRD is told to get it: %s -o %s',
    async (name, format) => {
      const server = await serverThatAnswers(404, { kind: 'Status', message: 'not found' });
      const said = /does not serve SeiNodes of version v1alpha1; install the CRD/;
      expect(await run(wordsOf(name, format, server))).toEqual(sentence(1, said));
    },
  );
});

describe('set-image', () => {
  it.each(FORMATS)('names the right to change that is missing, -o %s', async (format) => {
    const message = 'User "x" cannot patch resource "seinodes"';
    const server = await serverThat({
      [`${PATH}/namespaces/rpc/seinodes/n0?`]: [403, { kind: 'Status', message, details: {} }],
      [`${PATH}/namespaces/rpc/seinodes/n0`]: [200, NODE],
    });
    const said = /: User "x" cannot patch .*; have that right granted to you/;
    expect(await run(wordsOf('set-image', format, server))).toEqual(sentence(1, said));
  });

  it.each(['', 'two words', 'sei:', 'sei@sha256:abc'])('says how to write %j', async (image) => {
    const words = ['set-image', 'n0', image, '--kubeconfig', kubeconfigFor(NOWHERE), '-o', 'json'];
    const said = /: image ".*": .*; write it as REGISTRY\/REPOSITORY:TAG/;
    expect(await run(words)).toEqual(sentence(2, said));
  });
});

describe('Temporal', SLOW, () => {
  it('that cannot be reached is named by every command that steers', async () => {
    const server = await serverThat({ [PATH]: [200, NODE] });
    const env = { SEINODE_CLUSTER_NAME: 'test' };
    // Each tries for seconds.
    const runs = inFormats(STEERING).map(([name, format]) =>
      run([...wordsOf(name, format, server), '--temporal-address', '127.0.0.1:1'], env),
    );
    const said = /: cannot reach Temporal at 127\.0\.0\.1:1 within 4 s: .*; check TEMPORAL_ADDRESS/;
    for (const each of await Promise.all(runs)) expect(each).toEqual(sentence(4, said));
  });
});

describe('doctor', SLOW, () => {
  it('shows servers that cannot be reached like all that it finds', async () => {
    const words = [...wordsOf('doctor', 'json', NOWHERE), '--temporal-address', '127.0.0.1:1'];
    const { code, out, err } = await run(words);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const { items } = JSON.parse(out) as { items: { name: string; verdict: string }[] };
    const failed = items.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ name }) => name)).toEqual(['kubernetes', 'temporal']);
  });
});

describe('completion', () => {
  it('names the shells that it has a script for', async () => {
    expect(await run(['completion', 'tcsh'])).toEqual(
      sentence(2, /'tcsh' .*Allowed choices are zsh, bash, fish/),
    );
    expect(await run(['completion'])).toEqual(
      sentence(2, /: missing required argument 'shell'; see seinode completion --help/),
    );
  });
});

describe('a stack trace', () => {
  it('is for --debug only', async () => {
    const words = wordsOf('status', 'text', NOWHERE);
    expect((await run(words)).err).not.toContain('    at ');
    expect((await run([...words, '--debug'])).err).toMatch(
      /^seinode: .*\nTransportError[^]*\n {4}at /,
    );
  });
});
