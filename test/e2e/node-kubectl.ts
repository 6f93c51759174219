import { fileURLToPath } from 'node:url';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { userOf } from '../support/testbed/shipped-rights.ts';

interface NewNode {
  readonly name: string;
  readonly spec: object;
  /** True if the API server validates, defaults and prunes it, without storing it. */
  readonly dryRun?: boolean;
}

/** Handles SeiNodes of one namespace through kubectl, as a user meets the CRD. */
export interface NodeKubectl {
  /** Runs kubectl in the namespace. */
  run(args: readonly string[], input?: object): Promise<string>;
  create(node: NewNode): Promise<SeiNode>;
  /** Applies a JSON merge patch to spec. */
  patchSpec(name: string, spec: object): Promise<SeiNode>;
  /** Applies a JSON merge patch to status; that of a SeiNode is the worker's to write. */
  patchStatus(name: string, status: object): Promise<SeiNode>;
}

const SEI_NODES = 'seinodes.sei.io';

/** @param resource the plural, with its group where it is not the SeiNode of the CRD. */
export function nodeKubectl(
  cluster: Devcluster,
  namespace: string,
  { kind = 'SeiNode', resource = SEI_NODES } = {},
): NodeKubectl {
  // By name, as the policies ask people to; kubectl first reads what it patches, which the worker may not.
  const worker = [`--as=${userOf('worker')}`, '--as-group=system:masters'];
  const asWorker = resource === SEI_NODES ? worker : [];
  const run = (args: readonly string[], input?: object) =>
    cluster.kubectl(['--namespace', namespace, ...args], {
      ...(input !== undefined && { input: JSON.stringify(input) }),
    });
  const patch = async (name: string, content: object, ...args: readonly string[]) => {
    const what = ['patch', resource, name, '--type=merge', '-p', JSON.stringify(content)];
    return nodeOf(await run([...what, ...args, '-o', 'json']));
  };
  return {
    run,
    create: async ({ name, spec, dryRun = false }) => {
      const manifest = { apiVersion: 'sei.io/v1alpha1', kind, metadata: { name }, spec };
      const args = ['create', '-f', '-', '-o', 'json', ...(dryRun ? ['--dry-run=server'] : [])];
      return nodeOf(await run(args, manifest));
    },
    patchSpec: (name, spec) => patch(name, { spec }),
    patchStatus: (name, status) => patch(name, { status }, '--subresource=status', ...asWorker),
  };
}

/** Returns an absolute path. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function nodeOf(json: string): SeiNode {
  return JSON.parse(json) as SeiNode;
}
