import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

/** Where the kubelet mounts the namespace of a pod. */
const OWN_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

const contexts = z.object({
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ namespace: z.string().optional() }) }))
    .nullish(),
});

/**
 * The namespace that commands are about when none is named: that of the kubeconfig's context, as for
 * kubectl, or the pod's own.
 *
 * @param context the context in use, which `loadKubeconfig` found in one of these files.
 */
export function contextNamespace(
  context: string,
  kubeconfig: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (context === 'in-cluster' && existsSync(OWN_NAMESPACE)) {
    return readFileSync(OWN_NAMESPACE, 'utf8').trim();
  }
  const listed =
    kubeconfig === undefined ? (env['KUBECONFIG'] ?? '').split(delimiter) : [kubeconfig];
  const files = [...listed.filter((file) => file !== ''), join(homedir(), '.kube', 'config')];
  for (const file of files) {
    if (!existsSync(file)) continue;
    const found = contexts.safeParse(parse(readFileSync(file, 'utf8')));
    const entry = found.data?.contexts?.find(({ name }) => name === context);
    if (entry !== undefined) return entry.context.namespace || 'default';
  }
  return 'default';
}
