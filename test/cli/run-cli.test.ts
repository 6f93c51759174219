import { readFileSync } from 'node:fs';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { programName } from '../../cli/run-cli.ts';
import { runningNode } from '../support/sei-node.ts';
import { kubeconfigFor, run, serverThatAnswers } from './run-in-process.ts';

describe('what was typed wrongly', () => {
  it.each([
    [['frob'], "seinode: unknown command 'frob'; see seinode --help"],
    [
      ['stats', 'n0'],
      "seinode: unknown command 'stats' (Did you mean status?); see seinode --help",
    ],
    [
      ['list', '--nmaespace', 'x'],
      "seinode list: unknown option '--nmaespace' (Did you mean --namespace?); see seinode list --help",
    ],
    [['status'], "seinode status: missing required argument 'name'; see seinode status --help"],
    [
      ['list', 'x'],
      "seinode list: too many arguments for 'list'. Expected 0 arguments but got 1: x; see seinode list --help",
    ],
    [
      ['list', '-o', 'xml'],
      "seinode: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are text, wide, json, yaml; see seinode --help",
    ],
    [
      ['watch', 'n0', '--timeout', 'soon'],
      "seinode watch: option '--timeout <time>' argument 'soon' is invalid. expected a time such as 90s, 10m or 1h; see seinode watch --help",
    ],
  ])('%j ends with 2 and one sentence', async (words, sentence) => {
    expect(await run(words)).toEqual({ code: 2, out: '', err: `${sentence}\n` });
  });

  it('in the environment ends with 2 and names the variable', async () => {
    const words = ['list', '--kubeconfig', kubeconfigFor('http://127.0.0.1:1')];
    const { code, err } = await run(words, { SEINODE_CLUSTER_NAME: 'Not Allowed' });
    expect(code).toBe(2);
    expect(err).toContain('SEINODE_CLUSTER_NAME=Not Allowed: must be lower-case letters');
  });

  it('as a context ends with 2 and names those that there are', async () => {
    const words = ['list', '--kubeconfig', kubeconfigFor('http://127.0.0.1:1')];
    const { code, err } = await run([...words, '--context', 'there']);
    expect(code).toBe(2);
    expect(err).toMatch(/has no context "there"; it has: here\n$/);
  });
});

describe('--version', () => {
  it('prints the version of package.json, and nothing else', async () => {
    const file = new URL('../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('set-up', () => {
  it('needs no kubeconfig, and says where it looked for Temporal', async () => {
    const env = { SEINODE_CONNECT_TIMEOUT_SECONDS: '1' };
    const words = ['set-up', '--temporal-address', '127.0.0.1:1', '--kubeconfig', '/nowhere'];
    expect(await run(words, env)).toEqual({
      code: 4,
      out: '',
      err: expect.stringMatching(
        /^seinode: cannot reach Temporal at 127\.0\.0\.1:1 within 1 s: .*; check TEMPORAL_ADDRESS/,
      ) as string,
    });
  });
});

describe('help', () => {
  it('is asked for without a cluster, and lists commands and exit codes', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('set-image [options] <name> <image>');
    expect(out).toMatch(/3 +not done in time/);
  });

  it('of a command has the options of all', async () => {
    expect((await run(['pause', '--help'])).out).toMatch(/--as-actor[^]*--temporal-address/);
  });
});

describe('an API server', () => {
  it('that is not there ends with 4, names it, and shows no stack', async () => {
    const words = ['list', '--kubeconfig', kubeconfigFor('http://127.0.0.1:1')];
    const { code, err } = await run(words);
    expect(code).toBe(4);
    expect(err).toBe(
      'seinode: cannot reach Kubernetes at http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; check --context and KUBECONFIG, and that the API server is up\n',
    );
    expect((await run([...words, '--debug'])).err).toContain('    at ');
  });

  it('that does not know SeiNodes has the CRD named', async () => {
    const server = await serverThatAnswers(404, {
      kind: 'Status',
      message: 'not found',
      code: 404,
    });
    const { code, err } = await run(['list', '--kubeconfig', kubeconfigFor(server)]);
    expect(code).toBe(1);
    expect(err).toContain('does not serve SeiNodes of version v1alpha1');
  });

  it.each([
    [401, 1, 'does not accept these credentials'],
    [403, 1, 'not for you; have that right granted to you'],
    [429, 4, 'is overloaded'],
    [503, 4, 'is not available'],
  ])('that answers %i ends with %i', async (status, exitCode, sentence) => {
    const body = { kind: 'Status', message: 'not for you', details: { name: 'x' }, code: status };
    const server = await serverThatAnswers(status, body);
    const { code, err } = await run(['list', '--kubeconfig', kubeconfigFor(server)]);
    expect(code).toBe(exitCode);
    expect(err).toContain(sentence);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('is asked for the namespace of the context', async () => {
    const server = await serverThatAnswers(200, { metadata: { resourceVersion: '1' }, items: [] });
    const { code, err } = await run(['list', '--kubeconfig', kubeconfigFor(server)]);
    expect(code).toBe(0);
    expect(err).toBe('no SeiNodes in namespace rpc; -A shows those of all namespaces\n');
  });
});

describe('completion', () => {
  it('says nothing but commands where no cluster answers', async () => {
    const written = captured();
    const where = ['--kubeconfig', kubeconfigFor('http://127.0.0.1:1')];
    expect((await run(['complete', '--', ...where, 'stat'])).code).toBe(0);
    expect(written()).toMatch(/^status\t.*\n:4\n$/);
  });

  it('knows the options of the program after a command too', async () => {
    const written = captured();
    await run(['complete', '--', 'list', '--kubec']);
    expect(written()).toMatch(/^--kubeconfig\t/);
    await run(['complete', '--', 'list', '-o', 'wi']);
    expect(written()).toContain('wide\t');
  });

  it('puts nothing into a line but names', async () => {
    const written = captured();
    const names = ['n0', 'n1\u001B[2K', 'n2; reboot', 'n3\n', '$(n4)'];
    const items = names.map((name) => runningNode({ metadata: { name, namespace: 'rpc' } }));
    const server = await serverThatAnswers(200, { metadata: { resourceVersion: '1' }, items });
    await run(['complete', '--', '--kubeconfig', kubeconfigFor(server), 'status', 'n']);
    expect(written()).toBe('n0\tSeiNode\n:4\n');
  });

  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const written = captured();
    expect((await run(['completion', shell])).code).toBe(0);
    expect(written()).toContain('seinode complete --');
  });
});

describe('the name of the program', () => {
  it('is what people type', () => {
    expect(programName('/usr/local/bin/seinode')).toBe('seinode');
    expect(programName('/usr/local/bin/kubectl-seinode')).toBe('kubectl seinode');
    expect(programName(undefined)).toBe('seinode');
  });
});

/** Captures the output of the completion library, which goes past the command's terminal. */
function captured(): () => string {
  let text = '';
  const write = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    text += `${line}\n`;
  });
  onTestFinished(() => {
    write.mockRestore();
  });
  return () => text;
}
