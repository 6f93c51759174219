/**
 * Decides whether the configuration that the spec asks for is in force. The configuration lies on the data
 * volume: the bring-up writes it, an update patches parts of it, and no template carries it.
 */

import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition } from '../node/condition.ts';
import type { SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from '../node/sei-node.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { configPatch } from './config-patch.ts';
import { staticPeers } from './peer-source.ts';

/** The fields of a spec from which the configuration is made. */
const CONFIG_FIELDS = [
  'overrides',
  'peers',
  'externalAddress',
  'snapshot',
  'snapshotGeneration',
] as const;

/** Fields that manifests of the original operator have and that nothing reads here: they are never in force. */
const UNREAD_FIELDS = ['publish', 'genesisCeremony', 'resultExport'] as const;

type ConfigField = (typeof CONFIG_FIELDS)[number];
type UnreadField = (typeof UNREAD_FIELDS)[number];

/** The source of a configuration: a hash of the value of each field. */
export type ConfigRecord = Readonly<Record<string, string>>;

/** Returns the record of a configuration that is made from this spec. */
export function configRecord({ spec }: Pick<SeiNode, 'spec'>): ConfigRecord {
  const hashes = CONFIG_FIELDS.map((field) => [field, hashOf(valueOf(spec, field))] as const);
  return Object.fromEntries(hashes);
}

/** Returns the record after `config-patch` has run for this spec: the fields that it refreshes are in force. */
export function patchedRecord(node: SeiNode, record: ConfigRecord): ConfigRecord {
  const now = configRecord(node);
  const { p2p = {} } = configPatch(node)?.['config.toml'] ?? {};
  const isPatched = (key: string): boolean => Object.hasOwn(p2p as object, key);
  return {
    ...record,
    ...(isPatched('external-address') && pick(now, 'externalAddress')),
    ...(isPatched('persistent-peers') && pick(now, 'peers')),
  };
}

function pick(record: ConfigRecord, field: ConfigField): ConfigRecord {
  return { [field]: record[field] ?? '' };
}

export type ConfigStatus =
  /** Nobody has recorded the source of the configuration. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'unrecorded'; readonly condition: ConditionUpdate };

/**
 * Returns the condition ConfigCurrent that the node should have from its bring-up on. A node whose spec was
 * always in force needs none.
 */
export function configStatus(node: SeiNode): ConfigStatus {
  const record = node.status?.config;
  if (record === undefined) return { kind: 'unknown' };
  const wanted = configRecord(node);
  const without = [
    ...CONFIG_FIELDS.filter((field) => record[field] !== wanted[field]),
    ...UNREAD_FIELDS.filter((field) => valueOf(node.spec, field) !== undefined),
  ];
  const condition = without.length === 0 ? inForce() : notInForce(node, without);
  const known = findCondition(node.status?.conditions, 'ConfigCurrent');
  const isKnown =
    (known?.status ?? 'True') === condition.status &&
    (known === undefined || known.message === condition.message);
  return isKnown ? { kind: 'recorded' } : { kind: 'unrecorded', condition };
}

/**
 * Returns the record for a node that has none because an earlier version of this operator kept none. Takes
 * the present spec to be in force, so that later changes show.
 */
export function configBaseline(node: SeiNode): Pick<SeiNodeStatus, 'config'> {
  const { status } = node;
  if (status?.config !== undefined || status?.phase !== 'Running') return {};
  return { config: configRecord(node) };
}

/** Returns the condition if status does not have it yet. */
export function configConditions(node: SeiNode): readonly ConditionUpdate[] {
  const config = configStatus(node);
  return config.kind === 'unrecorded' ? [config.condition] : [];
}

function inForce(): ConditionUpdate {
  return {
    type: 'ConfigCurrent',
    status: 'True',
    reason: 'SpecInForce',
    message: "the node's configuration is as its spec says",
  };
}

function notInForce(
  node: SeiNode,
  fields: readonly (ConfigField | UnreadField)[],
): ConditionUpdate {
  return {
    type: 'ConfigCurrent',
    status: 'False',
    reason: 'SpecNotInForce',
    message: fields
      .map((field) => `${pathOf(node.spec, field)}: ${remedyFor(node, field)}`)
      .join('; '),
  };
}

/** Says how to bring a field into force. docs/crd.md says the same of each field. */
function remedyFor(node: SeiNode, field: ConfigField | UnreadField): string {
  const { externalAddress = '' } = node.spec;
  switch (field) {
    case 'externalAddress':
      return externalAddress === ''
        ? 'the address that was set before stays: set another, or create another SeiNode'
        : NEXT_UPDATE;
    case 'peers':
      return staticPeers(node) === undefined ? BRING_UP_ONLY : NEXT_UPDATE;
    case 'overrides':
    case 'snapshot':
    case 'snapshotGeneration':
      return BRING_UP_ONLY;
    case 'publish':
    case 'genesisCeremony':
    case 'resultExport':
      return 'kept, but nothing reads it';
  }
}

const NEXT_UPDATE = 'takes effect with the next update of the image, which patches it';
const BRING_UP_ONLY =
  'is read when a node is brought up: restore the value, or create another SeiNode';

function valueOf(spec: SeiNodeSpec, field: ConfigField | UnreadField): unknown {
  const { fullNode, archive, replayer, validator } = spec;
  switch (field) {
    // An empty value asks for nothing, like an absent one.
    case 'overrides':
      return Object.keys(spec.overrides ?? {}).length === 0 ? undefined : spec.overrides;
    case 'peers':
      return spec.peers?.length === 0 ? undefined : spec.peers;
    case 'externalAddress':
      return spec.externalAddress === '' ? undefined : spec.externalAddress;
    case 'snapshot':
      return (fullNode ?? replayer ?? validator)?.snapshot;
    case 'snapshotGeneration':
      return (fullNode ?? archive)?.snapshotGeneration;
    case 'publish':
      return (fullNode ?? archive)?.snapshotGeneration?.tendermint?.publish;
    case 'genesisCeremony':
      return validator?.genesisCeremony;
    case 'resultExport':
      return replayer?.resultExport;
  }
}

function pathOf(spec: SeiNodeSpec, field: ConfigField | UnreadField): string {
  switch (field) {
    case 'overrides':
    case 'peers':
    case 'externalAddress':
      return `spec.${field}`;
    case 'publish':
      return `${pathOf(spec, 'snapshotGeneration')}.tendermint.publish`;
    case 'snapshot':
    case 'snapshotGeneration':
    case 'genesisCeremony':
    case 'resultExport': {
      const mode = (['fullNode', 'archive', 'replayer', 'validator'] as const).find(
        (one) => spec[one] !== undefined,
      );
      return `spec.${mode ?? 'mode'}.${field}`;
    }
  }
}

/**
 * Returns the 32-bit FNV-1a hash of the JSON with sorted keys, as 8 hexadecimal digits. It tells apart
 * values that people write; a forged collision would only hide this condition.
 */
function hashOf(value: unknown): string {
  let hash = 0x81_1c_9d_c5;
  for (const character of canonicalJson(value)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
