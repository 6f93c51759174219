import { openSidecar } from '../../process/open-sidecar.ts';
import { readPlatform } from '../../settings/read-platform.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok, warn } from '../node/doctor-check.ts';

/** Checks that the address template of the sidecars can be used as it is. */
export function checkSidecar(settings: Pick<OperatorSettings, 'sidecarUrl'>): DoctorCheck {
  const name = 'sidecar address';
  try {
    openSidecar(settings);
    return ok(name, settings.sidecarUrl ?? "the pod's own IP, by default");
  } catch (err) {
    return fail(name, (err as Error).message, 'correct SEINODE_SIDECAR_URL');
  }
}

/**
 * Checks that the operator serves the namespace, as far as its settings are known here; without them there is no check.
 *
 * @param namespace undefined for all of them
 */
export function checkServed(
  { servedNamespaces: served }: Pick<OperatorSettings, 'servedNamespaces'>,
  namespace: string | undefined,
): readonly DoctorCheck[] {
  if (served === undefined) return [];
  const name = 'served namespaces';
  if (namespace === undefined || served.includes(namespace)) return [ok(name, served.join(', '))];
  return [
    fail(
      name,
      `${namespace} is not in SEINODE_NAMESPACE=${served.join(',')}`,
      'add it there for worker and watcher too, and give them the rights in it; or use another --namespace',
    ),
  ];
}

/** Checks the settings that only rendering needs: all commands but `diff` work without them. */
export function checkPlatform(): DoctorCheck {
  const name = 'platform settings';
  try {
    readPlatform();
    return ok(name, 'complete');
  } catch (err) {
    const [first = ''] = (err as Error).message.split('\n');
    const remedy =
      'for diff and start-update, set SEI_CONTROLLER_CONFIG or the SEI_* variables of the workers';
    return warn(name, first.replace(/:$/, ''), remedy);
  }
}
