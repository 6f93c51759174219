import { keyMounts } from '../domain/mounts/mounts.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { InvalidSpecError } from './invalid-spec.ts';
import { sidecarPort } from './ports.ts';

const MODES = ['fullNode', 'archive', 'replayer', 'validator'] as const;

/** The syntax of label values, which keeps the chain's id harmless in a shell script too. */
const CHAIN_ID = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const LAST_PORT = 65_535;

/** The label by which `deploy/base` selects the pods of worker and watcher. */
const APP_NAME_LABEL = 'app.kubernetes.io/name';
const OPERATOR_APP_NAME = 'seinode-operator';

/** The Secrets of an installation, which stand beside the nodes if it serves its own namespace. */
const OPERATOR_SECRETS: readonly string[] = ['seinode-temporal', 'seinode-payload-keys'];

/**
 * Refuses a spec that cannot be rendered faithfully, in the words of the CRD's own rules.
 *
 * @throws InvalidSpecError
 */
export function guardSpec(node: SeiNode): void {
  const { spec } = node;
  const modes = MODES.filter((mode) => spec[mode] !== undefined);
  if (modes.length !== 1) {
    throw new InvalidSpecError({
      node: node.metadata,
      field: 'spec',
      value: modes.length === 0 ? 'without a known mode' : `of the modes ${modes.join(', ')}`,
      reason: 'a node runs in exactly one mode',
      remedy: `set exactly one of ${MODES.join(', ')}`,
    });
  }
  if (!CHAIN_ID.test(spec.chainId)) {
    throw new InvalidSpecError({
      node: node.metadata,
      field: 'spec.chainId',
      value: JSON.stringify(spec.chainId),
      reason: 'it becomes the label sei.io/chain and cannot',
      remedy: 'use at most 63 letters, digits, dots, dashes and underscores',
    });
  }
  const appName = spec.podLabels?.[APP_NAME_LABEL];
  if (appName === OPERATOR_APP_NAME) {
    throw new InvalidSpecError({
      node: node.metadata,
      field: `spec.podLabels[${APP_NAME_LABEL}]`,
      value: JSON.stringify(appName),
      reason: "the operator's budgets and network policies would take its pod for one of theirs",
      remedy: 'use another value',
    });
  }
  const port = sidecarPort(spec);
  if (!Number.isInteger(port) || port < 1 || port > LAST_PORT) {
    throw new InvalidSpecError({
      node: node.metadata,
      field: 'spec.sidecar.port',
      value: JSON.stringify(port),
      reason: 'it goes into a shell script and is no port',
      remedy: `use a number from 1 to ${LAST_PORT}`,
    });
  }
  const secrets = keyMounts(spec).flatMap((mount) => mount.secrets);
  for (const { name, field } of secrets.filter((each) => OPERATOR_SECRETS.includes(each.name))) {
    throw new InvalidSpecError({
      node: node.metadata,
      field,
      value: JSON.stringify(name),
      reason: "it is the operator's, and opens all that it may do",
      remedy: 'name a Secret of the node',
    });
  }
}
