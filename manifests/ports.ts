import type { SeiNodeSpec } from '../domain/sei-node.ts';

export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}

export const SEID_GRPC_PORT = 9090;
export const SEID_RPC_PORT = 26657;

/** What seid listens on. */
export const seidPorts: readonly NamedPort[] = [
  { name: 'evm-rpc', port: 8545 },
  { name: 'evm-ws', port: 8546 },
  // Without it a mesh takes gRPC for HTTP/1.1 and breaks it.
  { name: 'grpc', port: SEID_GRPC_PORT, appProtocol: 'kubernetes.io/h2c' },
  { name: 'rest', port: 1317 },
  { name: 'p2p', port: 26656 },
  { name: 'rpc', port: SEID_RPC_PORT },
  { name: 'metrics', port: 26660 },
];

/** kube-rbac-proxy, in front of the sidecar: the only way to the sidecar from outside the pod. */
export const apiPort: NamedPort = { name: 'api', port: 8443 };

const DEFAULT_SIDECAR_PORT = 7777;

/** The port of the sidecar, inside the pod only. */
export function sidecarPort(spec: SeiNodeSpec): number {
  return spec.sidecar?.port ?? DEFAULT_SIDECAR_PORT;
}
