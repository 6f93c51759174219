/**
 * The manifests of users of the original operator, with every field that its API had, and a status with every field
 * that it wrote.
 */
const peers = [
  {
    ec2Tags: { region: 'eu-central-1', tags: { ChainIdentifier: 'pacific-1', Component: 'sync' } },
  },
  { static: { addresses: ['id@host:26656'] } },
  { label: { selector: { 'sei.io/chain': 'pacific-1' }, namespace: 'other' } },
];

export const originalManifests: readonly { readonly name: string; readonly spec: object }[] = [
  {
    name: 'full-node',
    spec: {
      chainId: 'pacific-1',
      image: 'registry.example.com/sei:v5.0.1',
      peers,
      overrides: { 'evm.http_port': '8545' },
      sidecar: {
        image: 'registry.example.com/seictl:v0.3',
        port: 7778,
        resources: {
          requests: { cpu: 1, memory: '512Mi' },
          limits: { memory: '1Gi' },
          claims: [{ name: 'c', request: 'r' }],
        },
      },
      podLabels: { team: 'core' },
      externalAddress: 'p2p.example.com:26656',
      paused: false,
      fullNode: {
        snapshot: {
          stateSync: {},
          trustPeriod: '168h0m0s',
          backfillBlocks: 6000,
          rpcServers: ['rpc-0.example.com:26657', 'rpc-1.example.com:26657'],
        },
        snapshotGeneration: { tendermint: { keepRecent: 3, publish: {} } },
      },
    },
  },
  {
    name: 'archive',
    spec: {
      chainId: 'pacific-1',
      image: 'sei:v5',
      dataVolume: { import: { pvcName: 'archive-history' } },
      archive: { snapshotGeneration: { tendermint: { keepRecent: 1 } } },
    },
  },
  {
    name: 'replayer',
    spec: {
      chainId: 'pacific-1',
      image: 'sei:v5',
      peers,
      replayer: {
        snapshot: { s3: { targetHeight: 198_740_000 }, bootstrapImage: 'sei:v4' },
        resultExport: { shadowResult: { canonicalRpc: 'https://rpc.example.com' } },
      },
    },
  },
  {
    name: 'validator-with-keys',
    spec: {
      chainId: 'pacific-1',
      image: 'sei:v5',
      validator: {
        signingKey: { secret: { secretName: 'signing' } },
        nodeKey: { secret: { secretName: 'node' } },
        operatorKeyring: {
          secret: {
            secretName: 'keyring',
            keyName: 'my_key-1',
            passphraseSecretRef: { secretName: 'passphrase', key: 'passphrase' },
            seidMount: true,
          },
        },
      },
    },
  },
  {
    name: 'validator-of-a-ceremony',
    spec: {
      chainId: 'new-chain',
      image: 'sei:v5',
      validator: {
        operatorKeyring: {},
        genesisCeremony: {
          chainId: 'new-chain',
          stakingAmount: '10000000usei',
          accountBalance: '1000000000usei',
          genesisParams: '{}',
          index: 2,
        },
      },
    },
  },
];

const TIME = '2026-08-01T12:00:00Z';

export const originalStatus = {
  phase: 'Running',
  currentImage: 'sei:v5',
  currentSidecarImage: 'seictl:v0.3',
  phaseTransitionTime: TIME,
  conditions: [
    {
      type: 'StateSyncReady',
      status: 'False',
      reason: 'NoSyncersConfigured',
      message: 'none',
      lastTransitionTime: TIME,
      observedGeneration: 3,
    },
  ],
  resolvedPeers: ['id@host:26656'],
  resolvedRPCWitnesses: ['a:26657'],
  resolvedStateSyncers: ['a:26657', 'b:26657'],
  externalAddress: 'p2p.example.com:26656',
  statefulSet: { name: 'node', uid: 'uid' },
  endpoint: {
    evmJsonRpc: 'http://node:8545',
    evmWs: 'ws://node:8546',
    tendermintRpc: 'http://node:26657',
    tendermintRest: 'http://node:1317',
  },
  adoptedWorkflow: { name: 'workflow', uid: 'uid', adoptedAt: TIME },
  plan: {
    id: 'plan',
    phase: 'Failed',
    targetPhase: 'Running',
    failedPhase: 'Failed',
    failedTaskIndex: 1,
    failedTaskDetail: {
      type: 'config-patch',
      id: 'task',
      error: 'boom',
      retryCount: 0,
      maxRetries: 3,
    },
    tasks: [
      { type: 'apply-statefulset', id: 'task-0', status: 'Complete', submittedAt: TIME },
      {
        type: 'config-patch',
        id: 'task-1',
        status: 'Failed',
        params: { files: { 'config.toml': { p2p: { 'persistent-peers': 'a,b' } } } },
        error: 'boom',
        retryCount: 3,
        maxRetries: 3,
      },
      { type: 'snapshot-restore', id: 'task-2', status: 'Running' },
    ],
  },
};
