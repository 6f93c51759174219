import type { Binaries } from '../binaries/tool.ts';
import { platform } from '../platform.ts';
import { TEMPORAL_NAMESPACE, temporalAddress, temporalUiUrl } from '../temporal/address.ts';
import { emptyTemporal, startTemporal, stopTemporal } from '../temporal/temporal.ts';
import type { Devcluster } from './devcluster.ts';
import { eraseInstance } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';
import { kubectlFor } from './kubectl.ts';
import { layoutOf } from './layout.ts';
import { podCidr, SIDECAR_PORT, sidecarAdminUrl } from './simulated-sidecar.ts';

/** @param onDown called after the instance is gone */
export function openDevcluster(
  state: InstanceState,
  binaries: Binaries,
  onDown: () => void = () => undefined,
): Devcluster {
  const { kubeconfig, logs, auditLog } = layoutOf(state.name);
  return {
    name: state.name,
    kubeconfigPath: kubeconfig,
    temporalAddress: temporalAddress(state),
    temporalUiUrl: temporalUiUrl(state),
    namespace: TEMPORAL_NAMESPACE,
    cidr: podCidr(state),
    sidecarPort: SIDECAR_PORT,
    sidecarAdminUrl: sidecarAdminUrl(state),
    env: {
      KUBECONFIG: kubeconfig,
      TEMPORAL_ADDRESS: temporalAddress(state),
      TEMPORAL_NAMESPACE,
      ...platform,
    },
    logs,
    auditLog,
    kubectl: kubectlFor(state, binaries),
    stopTemporal: () => stopTemporal(state.name),
    async startTemporal({ emptied = false } = {}) {
      if (emptied) await emptyTemporal(state);
      await startTemporal(state, binaries);
    },
    async down() {
      eraseInstance(state.name);
      onDown();
    },
  };
}
