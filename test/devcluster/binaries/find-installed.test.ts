import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { catalogue } from '../../../devcluster/binaries/catalogue.ts';
import { findInstalled } from '../../../devcluster/binaries/find-installed.ts';
import type { Tool, ToolName } from '../../../devcluster/binaries/tool.ts';
import { writeProgram } from '../shell-program.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const PLATFORM = { os: 'linux', arch: 'amd64' } as const;

describe('findInstalled', () => {
  it('prefers the environment to PATH, and PATH to the cache', async () => {
    const machine = await emptyMachine();
    await machine.cache('etcd');
    expect(await machine.find('etcd')).toBe(machine.cached('etcd'));
    await machine.onPath('etcd', 'etcd Version: 3.7.3');
    expect(await machine.find('etcd')).toBe(join(machine.path, 'etcd'));
    await writeProgram(machine.at('my-etcd'));
    const env = { SEINODE_DEVCLUSTER_ETCD: machine.at('my-etcd') };
    expect(await machine.find('etcd', env)).toBe(machine.at('my-etcd'));
  });

  it('finds nothing on an empty machine', async () => {
    const machine = await emptyMachine();
    expect(await machine.find('kwok')).toBeUndefined();
  });

  it('passes over a program on PATH of a version that does not work', async () => {
    const machine = await emptyMachine();
    await machine.onPath('kubectl', 'Client Version: v1.32.4-dispatcher');
    expect(await machine.find('kubectl')).toBeUndefined();
  });

  it('passes over a program on PATH that does not say its version', async () => {
    const machine = await emptyMachine();
    await machine.onPath('temporal', 'unknown flag: --version');
    expect(await machine.find('temporal')).toBeUndefined();
  });

  it('takes what a variable of its own names, whatever its version', async () => {
    const machine = await emptyMachine();
    await writeProgram(machine.at('apiserver'), 'echo Kubernetes v1.99.0');
    const env = { SEINODE_DEVCLUSTER_KUBE_APISERVER: machine.at('apiserver') };
    expect(await machine.find('kube-apiserver', env)).toBe(machine.at('apiserver'));
  });

  it('refuses a variable of its own that names no program', async () => {
    const machine = await emptyMachine();
    await mkdir(machine.at('folder'));
    await writeFile(machine.at('text'), '');
    for (const value of [machine.at('nowhere'), machine.at('folder'), machine.at('text')]) {
      const found = machine.find('kwokctl', { SEINODE_DEVCLUSTER_KWOKCTL: value });
      await expect(found).rejects.toThrow(
        `SEINODE_DEVCLUSTER_KWOKCTL=${value} is not an executable file; correct or unset it`,
      );
    }
  });

  it('takes what KUBEBUILDER_ASSETS has if the version works', async () => {
    const machine = await emptyMachine();
    await writeProgram(machine.at('assets', 'kube-apiserver'), 'echo Kubernetes v1.36.0');
    const env = { KUBEBUILDER_ASSETS: machine.at('assets') };
    expect(await machine.find('kube-apiserver', env)).toBe(machine.at('assets', 'kube-apiserver'));
  });

  it('says why it does not take what a variable of other projects names', async () => {
    const machine = await emptyMachine();
    await writeProgram(machine.at('assets', 'kube-apiserver'), 'echo Kubernetes v1.28.0');
    const env = { KUBEBUILDER_ASSETS: machine.at('assets') };
    expect(await machine.find('kube-apiserver', env)).toBeUndefined();
    expect(machine.skipped).toEqual([
      `KUBEBUILDER_ASSETS is ignored for kube-apiserver: ${machine.at('assets', 'kube-apiserver')} is not a kube-apiserver from 1.36 up to, not including, 1.37`,
    ]);
  });

  it('takes the Temporal of TEMPORAL_CLI_PATH, and says so if there is none', async () => {
    const machine = await emptyMachine();
    await writeProgram(machine.at('tctl'), 'echo "temporal version 1.9.0 (Server 1.40.0)"');
    expect(await machine.find('temporal', { TEMPORAL_CLI_PATH: machine.at('tctl') })).toBe(
      machine.at('tctl'),
    );
    expect(await machine.find('temporal', { TEMPORAL_CLI_PATH: '/nowhere' })).toBeUndefined();
    expect(machine.skipped).toEqual([
      'TEMPORAL_CLI_PATH is ignored for temporal: /nowhere is not an executable file',
    ]);
  });
});

async function emptyMachine() {
  const root = await temporaryDirectory();
  const at = (...parts: readonly string[]): string => join(root, ...parts);
  const path = at('bin');
  const cached = (name: ToolName): string => {
    const { version } = toolOf(name);
    return at('cache', 'seinode-operator', name, version, 'linux-amd64', name);
  };
  const skipped: string[] = [];
  return {
    at,
    path,
    cached,
    skipped,
    cache: (name: ToolName) => writeProgram(cached(name)),
    onPath: (name: ToolName, says: string) => writeProgram(join(path, name), `echo '${says}'`),
    find: (name: ToolName, env: NodeJS.ProcessEnv = {}) =>
      findInstalled(
        toolOf(name),
        PLATFORM,
        { PATH: path, XDG_CACHE_HOME: at('cache'), ...env },
        (reason) => skipped.push(reason),
      ),
  };
}

function toolOf(name: ToolName): Tool {
  const tool = catalogue.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`the catalogue has no ${name}`);
  return tool;
}
