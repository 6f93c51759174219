import { parseCidr } from './cidr.ts';
import type { Cidr } from './cidr.ts';

export interface SidecarOptions {
  /** Path of the kubeconfig of the devcluster. */
  readonly kubeconfig: string;
  /** The port that every pod answers on: that of kube-rbac-proxy in a real pod. */
  readonly port: number;
  /** The loopback addresses that the pods have. */
  readonly cidr: Cidr;
}

/** @throws {Error} that names the missing or wrong variable, and what it must be */
export function readOptions(env: Readonly<Record<string, string | undefined>>): SidecarOptions {
  const kubeconfig = env['KUBECONFIG'];
  if (kubeconfig === undefined || kubeconfig === '') {
    throw new Error('KUBECONFIG is not set. Set it to the kubeconfig of the devcluster.');
  }
  const cidr = env['SIDECAR_CIDR'] ?? '';
  const port = Number(env['SIDECAR_PORT'] ?? '8443');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`SIDECAR_PORT is ${env['SIDECAR_PORT']}. Set it to a port from 1 to 65535.`);
  }
  return { kubeconfig, port, cidr: parseCidr(cidr) };
}
