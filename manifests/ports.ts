import type { SeiNodeSpec } from '../domain/node/sei-node.ts';
import { SIDECAR_PROXY_PORT } from '../domain/pod/pod-host.ts';

export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}

export const SEID_GRPC_PORT = 9090;
export const SEID_RPC_PORT = 26657;

/** The ports that seid listens on. */
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

/** The port of kube-rbac-proxy, in front of the sidecar. */
export const apiPort: NamedPort = { name: 'api', port: SIDECAR_PROXY_PORT };

const DEFAULT_SIDECAR_PORT = 7777;

/** Returns the port of the sidecar, which is open inside the pod only. */
export function sidecarPort(spec: SeiNodeSpec): number {
  return spec.sidecar?.port ?? DEFAULT_SIDECAR_PORT;
}
