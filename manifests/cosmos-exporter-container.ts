import type { V1Container } from '@kubernetes/client-node';

import type { PlatformSettings } from './platform-settings.ts';
import { SEID_GRPC_PORT } from './ports.ts';
import { exporterSecurityContext } from './security-context.ts';

const METRICS_PORT = 9300;

/** Turns seid's gRPC answers about the chain into Prometheus metrics. */
export function cosmosExporterContainer(platform: PlatformSettings): V1Container {
  const script = [
    // The exporter exits when seid is not there yet, and would count as crashing.
    `until (: >/dev/tcp/127.0.0.1/${SEID_GRPC_PORT}) 2>/dev/null; do sleep 5; done`,
    'exec /usr/local/bin/sei-cosmos-exporter --denom usei --denom-coefficient 1000000' +
      ` --bech-prefix sei --listen-address :${METRICS_PORT}`,
  ];
  return {
    name: 'cosmos-exporter',
    image: platform.images.cosmosExporter,
    command: ['/bin/bash', '-c', script.join('\n')],
    ports: [{ name: 'cosmos-metrics', containerPort: METRICS_PORT }],
    // No CPU limit: throttling shows as gaps between scrapes.
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '384Mi' } },
    securityContext: exporterSecurityContext,
  };
}
