import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';

/** One invalid manifest for each rule of the CRD, and the message that its author gets. */
export interface Refusal {
  /** Completes "a manifest with ...". */
  readonly title: string;
  readonly spec: object;
  readonly name?: string;
  readonly message: string;
}

const node = { chainId: 'pacific-1', image: 'seid:v1' };
const full = { ...node, fullNode: {} };
const replayer = (snapshot: object) => ({
  ...node,
  peers: [{ static: { addresses: ['id@host:26656'] } }],
  replayer: { snapshot },
});
const peers = (...sources: readonly object[]) => ({ ...full, peers: sources });
const snapshot = (source: object) => ({ ...node, fullNode: { snapshot: source } });
const validator = (mode: object) => ({ ...node, validator: mode });
const secret = (secretName: string) => ({ secret: { secretName } });
const keys = { signingKey: secret('signing'), nodeKey: secret('node') };
const keyring = (secretName: string, passphrase: string, more: object = {}) => ({
  operatorKeyring: {
    secret: { secretName, passphraseSecretRef: { secretName: passphrase, key: 'p' }, ...more },
  },
});
const ceremony = { chainId: 'c', stakingAmount: '1usei', accountBalance: '1usei', index: 0 };
const generation = (tendermint: object) => ({
  ...node,
  archive: { snapshotGeneration: { tendermint } },
});
const DISTINCT = 'must be pairwise distinct';

export const refusals: readonly Refusal[] = [
  {
    title: 'a name too long for the labels of the pod',
    spec: full,
    name: 'n'.repeat(53),
    message: 'metadata.name must be a DNS label of at most 52 characters',
  },
  {
    title:
      'a digit at the beginning of the name, which a Service may not have before Kubernetes 1.36',
    spec: full,
    name: '0-rpc',
    message: 'metadata.name must be a DNS label of at most 52 characters that begins with a letter',
  },
  {
    title: 'a dot in the name',
    spec: full,
    name: 'a.b',
    message: 'choose a shorter name without dots',
  },
  {
    title: 'no chainId',
    spec: { image: 'seid:v1', fullNode: {} },
    message: 'spec.chainId: Required value',
  },
  {
    title: 'an empty chainId',
    spec: { ...full, chainId: '' },
    message: 'spec.chainId: Invalid value: ""',
  },
  {
    title: 'a chainId that is no label value',
    spec: { ...full, chainId: 'x; reboot' },
    message: 'spec.chainId in body should match',
  },
  {
    title: 'a chainId longer than a label value',
    spec: { ...full, chainId: 'c'.repeat(64) },
    message: 'spec.chainId: Too long: may not be more than 63 bytes',
  },
  {
    title: 'no image',
    spec: { chainId: 'pacific-1', fullNode: {} },
    message: 'spec.image: Required value',
  },
  {
    title: 'an empty image',
    spec: { ...full, image: '' },
    message: 'spec.image in body should be at least 1 chars long',
  },
  {
    title: 'an image that is too long',
    spec: { ...full, image: 'i'.repeat(513) },
    message: 'spec.image: Too long: may not be more than 512 bytes',
  },
  {
    title: 'no mode',
    spec: node,
    message: 'exactly one of fullNode, archive, replayer, or validator must be set: keep the one',
  },
  {
    title: 'two modes',
    spec: { ...full, archive: {} },
    message: 'exactly one of fullNode, archive, replayer, or validator must be set: keep the one',
  },
  {
    title: 'the mode that is not rendered',
    spec: { ...node, seed: { nodeKey: secret('node') } },
    message: 'spec.seed: Invalid value: seed is not a mode that this operator renders',
  },
  {
    title: 'a replayer without peers',
    spec: { ...replayer({ stateSync: {} }), peers: [] },
    message: 'spec.peers: Invalid value: peers is required when replayer mode is set',
  },
  {
    title: 'a replayer without a snapshot',
    spec: { ...peers({ label: { selector: { a: 'b' } } }), fullNode: undefined, replayer: {} },
    message: 'spec.replayer.snapshot: Required value',
  },
  {
    title: 'more sources of peers than anybody has',
    spec: peers(...Array.from({ length: 18_000 }, () => ({ label: { selector: { a: 'b' } } }))),
    message: 'spec.peers: Too many: 18000: must have at most 64 items',
  },
  {
    title: 'more peers by address than anybody has',
    spec: peers({ static: { addresses: Array.from({ length: 257 }, () => 'id@host:26656') } }),
    message: 'spec.peers[0].static.addresses: Too many: 257: must have at most 256 items',
  },
  {
    title: 'a peer that is too long',
    spec: peers({ static: { addresses: ['a'.repeat(513)] } }),
    message: 'spec.peers[0].static.addresses[0]: Too long: may not be more than 512 bytes',
  },
  {
    title: 'a label that none can have',
    spec: peers({ label: { selector: { ['a'.repeat(318)]: 'b' } } }),
    message:
      'spec.peers[0].label.selector: Invalid value: a name has at most 317 characters, like that of a label: shorten it',
  },
  {
    title: 'more settings than seid has',
    spec: {
      ...full,
      overrides: Object.fromEntries(Array.from({ length: 513 }, (_, at) => [`a.${at}`, ''])),
    },
    message: 'spec.overrides: Too many: 513: must have at most 512 items',
  },
  {
    title: 'a quantity that is too long',
    spec: { ...full, sidecar: { resources: { requests: { cpu: '1'.repeat(65) } } } },
    message: 'spec.sidecar.resources.requests.cpu: Too long: may not be more than 64 bytes',
  },
  {
    title: 'a source of peers of no kind',
    spec: peers({}),
    message: 'exactly one of ec2Tags, static, or label must be set: split several sources',
  },
  {
    title: 'a source of peers of two kinds',
    spec: peers({ static: { addresses: ['a'] }, label: { selector: { a: 'b' } } }),
    message: 'exactly one of ec2Tags, static, or label must be set: split several sources',
  },
  {
    title: 'EC2 peers without a region',
    spec: peers({ ec2Tags: { region: '', tags: { a: 'b' } } }),
    message: 'spec.peers[0].ec2Tags.region in body should be at least 1 chars long',
  },
  {
    title: 'EC2 peers without a tag',
    spec: peers({ ec2Tags: { region: 'eu-central-1', tags: {} } }),
    message: 'spec.peers[0].ec2Tags.tags in body should have at least 1 properties',
  },
  {
    title: 'static peers without an address',
    spec: peers({ static: { addresses: [] } }),
    message: 'spec.peers[0].static.addresses in body should have at least 1 items',
  },
  {
    title: 'peers by an empty selector',
    spec: peers({ label: { selector: {} } }),
    message: 'spec.peers[0].label.selector in body should have at least 1 properties',
  },
  {
    title: 'a sidecar port that is none',
    spec: { ...full, sidecar: { port: 70_000 } },
    message: 'spec.sidecar.port in body should be less than or equal to 65535',
  },
  {
    title: 'a quantity that is none',
    spec: { ...full, sidecar: { resources: { requests: { memory: '1 GB' } } } },
    message: 'spec.sidecar.resources.requests.memory in body should match',
  },
  {
    title: 'an imported claim that cannot exist',
    spec: { ...full, dataVolume: { import: { pvcName: 'Data' } } },
    message: 'spec.dataVolume.import.pvcName in body should match',
  },
  {
    title: 'an import without a claim',
    spec: { ...full, dataVolume: { import: {} } },
    message: 'spec.dataVolume.import.pvcName: Required value',
  },
  {
    title: 'a progress deadline of nothing',
    spec: { ...full, updatePolicy: { progressDeadlineSeconds: 0 } },
    message:
      'spec.updatePolicy.progressDeadlineSeconds in body should be greater than or equal to 1',
  },
  {
    title: 'a grace of nothing, which kills at once',
    spec: { ...full, terminationGracePeriodSeconds: 0 },
    message: 'spec.terminationGracePeriodSeconds in body should be greater than or equal to 1',
  },
  {
    title: 'a grace of more than a week',
    spec: { ...full, terminationGracePeriodSeconds: 604_801 },
    message: 'spec.terminationGracePeriodSeconds in body should be less than or equal to 604800',
  },
  {
    title: 'a snapshot without a source',
    spec: snapshot({ trustPeriod: '168h0m0s' }),
    message: 'exactly one of s3 or stateSync must be set: keep the source',
  },
  {
    title: 'a snapshot with two sources',
    spec: snapshot({ s3: { targetHeight: 1 }, stateSync: {} }),
    message: 'spec.fullNode.snapshot: Invalid value: exactly one of s3 or stateSync must be set',
  },
  {
    title: 'a snapshot of no source in a validator',
    spec: validator({ snapshot: {} }),
    message: 'spec.validator.snapshot: Invalid value: exactly one of s3 or stateSync must be set',
  },
  {
    title: 'a snapshot of no source in a replayer',
    spec: replayer({}),
    message: 'spec.replayer.snapshot: Invalid value: exactly one of s3 or stateSync must be set',
  },
  {
    title: 'a snapshot at height zero',
    spec: snapshot({ s3: { targetHeight: 0 } }),
    message: 'spec.fullNode.snapshot.s3.targetHeight in body should be greater than or equal to 1',
  },
  {
    title: 'a single RPC server',
    spec: snapshot({ stateSync: {}, rpcServers: ['a:26657'] }),
    message: 'spec.fullNode.snapshot.rpcServers in body should have at least 2 items',
  },
  {
    title: 'one RPC server twice',
    spec: snapshot({ stateSync: {}, rpcServers: ['a:26657', 'a:26657'] }),
    message: 'spec.fullNode.snapshot.rpcServers[1]: Duplicate value',
  },
  {
    title: 'an RPC server with a scheme',
    spec: snapshot({ stateSync: {}, rpcServers: ['http://a:26657', 'b:26657'] }),
    message: 'spec.fullNode.snapshot.rpcServers[0] in body should match',
  },
  {
    title: 'a snapshot generation that keeps none',
    spec: generation({ keepRecent: 0 }),
    message:
      'spec.archive.snapshotGeneration.tendermint.keepRecent in body should be greater than or equal to 1',
  },
  {
    title: 'a snapshot generation that does not say how many it keeps',
    spec: generation({ publish: {} }),
    message: 'spec.archive.snapshotGeneration.tendermint.keepRecent: Required value',
  },
  {
    title: 'a shadow result to compare with nothing',
    spec: {
      ...replayer({ stateSync: {} }),
      replayer: {
        snapshot: { stateSync: {} },
        resultExport: { shadowResult: { canonicalRpc: '' } },
      },
    },
    message:
      'spec.replayer.resultExport.shadowResult.canonicalRpc in body should be at least 1 chars',
  },
  ...(['chainId', 'stakingAmount', 'accountBalance'] as const).map((field) => ({
    title: `a genesis ceremony with an empty ${field}`,
    spec: validator({ genesisCeremony: { ...ceremony, [field]: '' } }),
    message: `spec.validator.genesisCeremony.${field} in body should be at least 1 chars long`,
  })),
  {
    title: 'a genesis ceremony with a negative index',
    spec: validator({ genesisCeremony: { ...ceremony, index: -1 } }),
    message: 'spec.validator.genesisCeremony.index in body should be greater than or equal to 0',
  },
  {
    title: 'a signing key alone',
    spec: validator({ signingKey: secret('signing') }),
    message: 'spec.validator: Invalid value: signingKey and nodeKey must be set together',
  },
  {
    title: 'a node key alone',
    spec: validator({ nodeKey: secret('node') }),
    message: 'signingKey and nodeKey must be set together: add the missing one, or remove both',
  },
  {
    title: 'a key without its Secret',
    spec: validator({ signingKey: {}, nodeKey: secret('node') }),
    message: 'spec.validator.signingKey.secret: Required value',
  },
  {
    title: 'a key in a Secret that cannot exist',
    spec: validator({ signingKey: secret('signing'), nodeKey: secret('Node_Key') }),
    message: 'spec.validator.nodeKey.secret.secretName in body should match',
  },
  {
    title: 'signing and node key in one Secret',
    spec: validator({ signingKey: secret('one'), nodeKey: secret('one') }),
    message: DISTINCT,
  },
  {
    title: 'keyring and signing key in one Secret',
    spec: validator({ ...keys, ...keyring('signing', 'passphrase') }),
    message: DISTINCT,
  },
  {
    title: 'keyring and node key in one Secret',
    spec: validator({ ...keys, ...keyring('node', 'passphrase') }),
    message: DISTINCT,
  },
  {
    title: 'keyring and passphrase in one Secret',
    spec: validator(keyring('one', 'one')),
    message: DISTINCT,
  },
  {
    title: 'passphrase and signing key in one Secret',
    spec: validator({ ...keys, ...keyring('keyring', 'signing') }),
    message: DISTINCT,
  },
  {
    title: 'passphrase and node key in one Secret',
    spec: validator({ ...keys, ...keyring('keyring', 'node') }),
    message: DISTINCT,
  },
  {
    title: 'a keyring without a passphrase',
    spec: validator({ operatorKeyring: secret('keyring') }),
    message: 'spec.validator.operatorKeyring.secret.passphraseSecretRef: Required value',
  },
  {
    title: 'a key name that is none',
    spec: validator(keyring('keyring', 'passphrase', { keyName: 'node admin' })),
    message: 'spec.validator.operatorKeyring.secret.keyName in body should match',
  },
  {
    title: 'a key name that is too long',
    spec: validator(keyring('keyring', 'passphrase', { keyName: 'k'.repeat(65) })),
    message:
      'spec.validator.operatorKeyring.secret.keyName: Too long: may not be more than 64 bytes',
  },
  {
    title: 'a field that does not exist',
    spec: { ...full, imagee: 'seid:v2' },
    message: 'unknown field "spec.imagee"',
  },
];

/** A change to an object that exists, which the API server must refuse. */
export interface RefusedChange {
  readonly title: string;
  readonly before: object;
  /** The status of the node at that time; none by default. */
  readonly status?: SeiNodeStatus;
  /** A JSON merge patch of spec. */
  readonly change: object;
  readonly message: string;
}

export const importing = { ...full, dataVolume: { import: { pvcName: 'history' } } };
export const signing = validator({ ...keys, ...keyring('keyring', 'passphrase') });

export const refusedChanges: readonly RefusedChange[] = [
  {
    title: 'the chain',
    before: full,
    change: { chainId: 'atlantic-2' },
    message: 'spec.chainId: Invalid value: "atlantic-2": chainId is immutable',
  },
  {
    title: 'the mode',
    before: full,
    change: { fullNode: null, archive: {} },
    message: 'the mode (fullNode, archive, replayer, validator) is immutable',
  },
  {
    title: 'the imported claim',
    before: importing,
    change: { dataVolume: { import: { pvcName: 'other' } } },
    message: 'spec.dataVolume.import.pvcName: Invalid value: "other": pvcName is immutable',
  },
  {
    title: 'the import, by removing it',
    before: importing,
    change: { dataVolume: { import: null } },
    message: 'spec.dataVolume: Invalid value: import cannot be unset once configured',
  },
  {
    title: 'the import, by removing the whole dataVolume',
    before: importing,
    change: { dataVolume: null },
    message: 'spec.dataVolume: Invalid value: import cannot be unset once configured',
  },
  ...(['signingKey', 'nodeKey', 'operatorKeyring'] as const).map((key) => ({
    title: `the Secret of ${key}`,
    before: signing,
    change: { validator: { [key]: secret('other') } },
    message: `spec.validator.${key}.secret.secretName: Invalid value: "other": secretName is immutable`,
  })),
  {
    title: 'the Secret of the passphrase',
    before: signing,
    change: {
      validator: {
        operatorKeyring: { secret: { passphraseSecretRef: { secretName: 'other' } } },
      },
    },
    message: 'passphraseSecretRef.secretName: Invalid value: "other": secretName is immutable',
  },
  // Without these rules two edits replace a key: one that removes it, and one that adds another.
  ...(['signingKey', 'nodeKey', 'operatorKeyring'] as const).map((key) => ({
    title: `the ${key}, by removing it`,
    before: signing,
    change: { validator: { [key]: null } },
    message: `spec.validator.${key}: Invalid value: ${key} cannot be removed`,
  })),
  ...(['signingKey', 'nodeKey', 'operatorKeyring'] as const).map((key) => ({
    title: `the ${key}, by removing it with all else of the validator`,
    before: signing,
    change: { validator: { signingKey: null, nodeKey: null, operatorKeyring: null } },
    message: `${key} cannot be removed`,
  })),
  {
    title: 'the operatorKeyring, by removing its Secret',
    before: signing,
    change: { validator: { operatorKeyring: { secret: null } } },
    message: 'spec.validator.operatorKeyring: Invalid value: operatorKeyring cannot be removed',
  },
  {
    title: 'the keys, by removing the validator with them',
    before: signing,
    change: { validator: null },
    message: 'signingKey cannot be removed',
  },
  {
    title: 'the keys, by another mode',
    before: signing,
    change: { validator: null, fullNode: {} },
    message: 'signingKey cannot be removed',
  },
  {
    title: 'the data volume of a node that has run, by an import',
    before: full,
    status: { phase: 'Running', currentImage: 'seid:v1' },
    change: { dataVolume: { import: { pvcName: 'history' } } },
    message: 'spec.dataVolume: Invalid value: import cannot be added once the node has data',
  },
  {
    title: 'the data volume of a node that is brought up, by an import',
    before: { ...full, dataVolume: {} },
    status: { phase: 'Initializing', statefulSet: { name: 'n', uid: 'u' } },
    change: { dataVolume: { import: { pvcName: 'history' } } },
    message: 'spec.dataVolume: Invalid value: import cannot be added once the node has data',
  },
];
