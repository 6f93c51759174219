import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { V1RoleBinding, V1ValidatingAdmissionPolicyBinding } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import { instanceEnvironment } from '../../devcluster/instance/instance-processes.ts';
import { parseManifests } from '../deploy/manifest.ts';
import { markdownParts } from '../docs/markdown-parts.ts';
import { scriptsRunBy } from '../docs/run-by.ts';
import { eventually } from '../support/eventually.ts';
import { SYSTEM } from '../support/testbed/shipped-rights.ts';
import { ownDevclusterTest } from '../support/testbed/testbed-test.ts';
import { editSettings, installedSettings, startInstalled } from './documented-operator.ts';
import { openDocumentedShell } from './documented-shell.ts';
import { repositoryFile } from './node-kubectl.ts';

const INSTALL = 'docs/install.md';
const OPERATIONS = 'docs/operations.md';
/** The namespace of nodes, which a reader creates. */
const NODES = 'chain-nodes';
/** A node beside the one of the document. */
const KEPT = 'kept-0';

/** A certificate as somebody's authority would issue it. */
const CERTIFICATE =
  'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=operator -keyout client.key -out client.pem';

/** Time for some forty commands one after the other, which take a tenth of it on an idle machine. */
const WALK_MS = 600_000;

/** The file has a cluster of its own: the operator that is installed here serves all namespaces. */
const it = ownDevclusterTest('installation', [], 'of-the-admin')
  .extend('reader', async ({ bed }, { onCleanup }) => {
    const { cluster } = bed;
    // The environment has only what the documents export: a reader has no more.
    const env = instanceEnvironment(cluster.name);
    const shell = await openDocumentedShell(cluster.kubeconfigPath, env, [
      ['HOST:7233', cluster.temporalAddress],
      [/\bNAMESPACE\b/g, NODES],
    ]);
    onCleanup(() => shell.close());
    await editSettings(shell.clone, cluster, { TEMPORAL_NAMESPACE: 'seinode' });
    return shell;
  })
  .extend('nodes', { scope: 'file' }, async ({ bed }) => {
    const kubectl = (...words: readonly string[]) =>
      bed.cluster.kubectl(['--namespace', NODES, ...words]);
    return {
      podUids: () => kubectl('get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}'),
      create: async (name: string) => {
        const sample = readFileSync(repositoryFile('deploy/samples/full-node.yaml'), 'utf8');
        const input = sample.replace('name: pacific-rpc-0', `name: ${name}`);
        await bed.cluster.kubectl(['--namespace', NODES, 'apply', '-f', '-'], { input });
        await kubectl('wait', '--for=condition=Ready', `snode/${name}`, '--timeout=120s');
      },
      delete: (name: string) => kubectl('delete', 'snode', name, '--timeout=120s'),
    };
  });

describe('docs/install.md', () => {
  it(
    'leads from a cluster without an operator to a first node, an upgrade, and an end',
    async ({ bed, reader, nodes }) => {
      await reader.run({ lines: [CERTIFICATE, 'echo KEY > api-key'] });
      const deleteSecret = () =>
        bed.cluster.kubectl(['--namespace', SYSTEM, 'delete', 'secret', 'seinode-temporal']);
      let settings: Awaited<ReturnType<typeof installedSettings>> = {};
      let stop = async (): Promise<void> => undefined;
      let running = '';
      /** Checks after a script of a section, and steps there that no command does. */
      const after: Readonly<Record<string, (printed: string) => Promise<unknown>>> = {
        '3. Temporal': async (printed) => expect(printed).toContain('namespace seinode created'),
        // A reader takes one of the two.
        'An API key for Temporal': deleteSecret,
        'A client certificate for Temporal': deleteSecret,
        '7. Install': async () => {
          settings = await installedSettings(bed.cluster);
          stop = await startInstalled(bed, settings);
        },
        '9. A first node': async () => {
          running = await nodes.podUids();
        },
        Upgrade: async () => {
          for (const script of scriptsRunBy(import.meta.filename, OPERATIONS)) {
            await reader.run(script);
          }
          expect(await nodes.podUids()).toBe(running);
        },
        'The nodes': async () => {
          await eventually('no pod is left', async () => (await nodes.podUids()) === '');
          await nodes.create(KEPT);
          running = await nodes.podUids();
        },
        'The operator': async () => {
          await stop();
          expect(await nodes.podUids()).toBe(running);
          // A reader who goes on to the end has no nodes; the namespace of the Lease is gone.
          stop = await startInstalled(bed, settings, {});
          await nodes.delete(KEPT);
          await stop();
        },
      };
      const scripts = scriptsRunBy(import.meta.filename, INSTALL);
      const sections = new Set(scripts.map(({ section }) => section));
      expect(Object.keys(after).filter((section) => !sections.has(section))).toEqual([]);
      for (const script of scripts) {
        const printed = await reader.run(script);
        await after[script.section]?.(printed);
      }
      expect(await bed.cluster.kubectl(['get', 'crd', '-o', 'name'])).not.toContain('seinodes');
    },
    WALK_MS,
  );

  it('has the files of an installation for some namespaces', async ({ reader }) => {
    const parts = markdownParts(readFileSync(repositoryFile(INSTALL), 'utf8'));
    const written = (text: string): string =>
      parts.find((part) => part.language === 'yaml' && part.text.includes(text))?.text ?? '';
    const example = path.join(reader.clone, 'deploy', 'example');
    for (const served of ['nodes-a', 'nodes-b']) {
      const rights = written('../../served-namespace').replace('NODES-A', served);
      await mkdir(path.join(example, served));
      await writeFile(path.join(example, served, 'kustomization.yaml'), rights);
    }
    const files = [written('overlays/separate'), written('components/admission-separate')];
    const kustomization = files.join('\n').replaceAll(/NODES-[AB]/g, (name) => name.toLowerCase());
    await writeFile(path.join(example, 'kustomization.yaml'), kustomization);
    await reader.run({ lines: ['kubectl kustomize deploy/example > rendered.yaml'] });
    const rendered = readFileSync(path.join(reader.clone, 'rendered.yaml'), 'utf8');
    const { all } = parseManifests(rendered);
    const roles = all.filter(({ kind }) => kind === 'RoleBinding') as V1RoleBinding[];
    expect(roles.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`)).toEqual(
      expect.arrayContaining(['nodes-a/seinode-worker', 'nodes-b/seinode-worker']),
    );
    const subjects = roles.flatMap((each) => each.subjects ?? []);
    expect(new Set(subjects.map(({ namespace }) => namespace))).toEqual(new Set([SYSTEM]));
    const bindings = all.filter(
      ({ kind }) => kind === 'ValidatingAdmissionPolicyBinding',
    ) as V1ValidatingAdmissionPolicyBinding[];
    const held = bindings.map(({ spec }) => spec?.matchResources?.namespaceSelector);
    const values = ['nodes-a', 'nodes-b'];
    const selector = { key: 'kubernetes.io/metadata.name', operator: 'In', values };
    expect(held).toEqual(bindings.map(() => ({ matchExpressions: [selector] })));
    expect(bindings).toHaveLength(3);
  });

  it('has the settings of an installation for one namespace', async ({ bed, reader }) => {
    const yaml = markdownParts(readFileSync(repositoryFile(INSTALL), 'utf8')).find(
      ({ language, text }) => language === 'yaml' && text.includes('overlays/namespaced'),
    );
    const written = (yaml?.text ?? '').replace('NODES', bed.namespace);
    await writeFile(path.join(reader.clone, 'deploy', 'example', 'kustomization.yaml'), written);
    const printed = await reader.run({
      lines: ['kubectl apply -k deploy/example --dry-run=server -o name'],
    });
    const made = printed.split('\n').filter((line) => /^[\w.]+\/[\w.-]+$/.test(line));
    expect(made).toContain('role.rbac.authorization.k8s.io/seinode-worker');
    expect(made).toContain('deployment.apps/seinode-watcher');
    expect(made.filter((name) => name.startsWith('cluster'))).toEqual([]);
  });
});
