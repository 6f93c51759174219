import type { InstanceState } from '../instance/instance-state.ts';

export const TEMPORAL_NAMESPACE = 'default';

export function temporalAddress(state: InstanceState): string {
  return `127.0.0.1:${state.ports.temporal}`;
}

export function temporalUiUrl(state: InstanceState): string {
  return `http://127.0.0.1:${state.ports.temporalUi}`;
}
