/**
 * Whether what the spec says of the node's configuration is in force. The configuration lies on the data
 * volume: the bring-up writes it, an update patches parts of it, and no template carries it.
 */
import { canonicalJson } from './canonical-json.ts';
import type { ConditionUpdate } from './condition.ts';
import { findCondition } from './condition.ts';
import { configPatch } from './config-patch.ts';
import { staticPeers } from './peer-source.ts';
import type { SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from './sei-node.ts';

/** The fields of a spec that the configuration is made from. */
const CONFIG_FIELDS = [
  'overrides',
  'peers',
  'externalAddress',
  'snapshot',
  'snapshotGeneration',
] as const;

/** Fields that manifests of the original operator have, and that nothing reads here: never in force. */
const UNREAD_FIELDS = ['publish', 'genesisCeremony', 'resultExport'] as const;

type ConfigField = (typeof CONFIG_FIELDS)[number];
type UnreadField = (typeof UNREAD_FIELDS)[number];

/** What the configuration was made from: a hash of the value of each field. */
export type ConfigRecord = Readonly<Record<string, string>>;

/** The record of a configuration that is made from this spec. */
export function configRecord({ spec }: Pick<SeiNode, 'spec'>): ConfigRecord {
  const hashes = CONFIG_FIELDS.map((field) => [field, hashOf(valueOf(spec, field))] as const);
  return Object.fromEntries(hashes);
}

/** The record after `config-patch` has been carried out for this spec: what it refreshes is in force. */
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

export type ConfigCurrency =
  /** Nobody has recorded what the configuration was made from. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'as-in-status' }
  | { readonly kind: 'differs-from-status'; readonly condition: ConditionUpdate };

/**
 * What the condition ConfigCurrent is to say, from the bring-up on. A node whose spec was always in force needs
 * none.
 */
export function configCurrency(node: SeiNode): ConfigCurrency {
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
  return isKnown ? { kind: 'as-in-status' } : { kind: 'differs-from-status', condition };
}

/**
 * The record for a node without one, whose version of this operator kept none: what its spec says now is
 * taken for what is in force, so that later changes show.
 */
export function configBaseline(node: SeiNode): Pick<SeiNodeStatus, 'config'> {
  const { status } = node;
  if (status?.config !== undefined || status?.phase !== 'Running') return {};
  return { config: configRecord(node) };
}

/** The condition, where status does not say it yet. */
export function configConditions(node: SeiNode): readonly ConditionUpdate[] {
  const currency = configCurrency(node);
  return currency.kind === 'differs-from-status' ? [currency.condition] : [];
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

/** What brings a field into force. docs/crd.md says the same of each field. */
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
    // What is empty asks for nothing, like what is absent.
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
 * FNV-1a of 32 bits over JSON with sorted keys, as 8 hexadecimal digits. It tells values apart that
 * people write; nobody gains by a collision but a condition that is not there.
 */
function hashOf(value: unknown): string {
  let hash = 0x81_1c_9d_c5;
  for (const character of canonicalJson(value)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
