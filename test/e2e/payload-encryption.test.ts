import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { WorkflowExecutionDescription } from '@temporalio/client';
import { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../../domain/run/search-attribute.ts';
import { nodeWorkflowId } from '../../domain/run/workflow-id.ts';
import { dataConverterFrom } from '../../temporal/data-converter.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { askFromOutside } from './foreign-worker.ts';

/** No policy allows this image, so that the update fails and a failure is recorded. */
const REFUSED = 'registry.example.com/somebody/sei:v9';

const CANNOT_PULL = 'ghcr.io/sei-protocol/sei:cannot-pull';

const OLD_KEY = `old ${'0a'.repeat(32)}`;
const NEW_KEY = `new ${'1b'.repeat(32)}`;

/** A process has the keys of its file within this time. */
const READ_AGAIN_MS = 1_000;

const KEYS_STAY = 'the keys for payloads have changed, and the old ones stay in use';

const it = testbedTest('encrypted', [])
  .extend('keys', { scope: 'file' }, async ({ bed: _bed }, { onCleanup }) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seinode-payload-keys-'));
    onCleanup(() => rm(directory, { recursive: true }));
    const write = async (name: string, ...lines: readonly string[]): Promise<string> => {
      const file = path.join(directory, name);
      await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
      return file;
    };
    return {
      /** Returns the path of a file that a test rewrites, by the name under which it is created. */
      path: (name: string) => path.join(directory, name),
      write,
      old: await write('old', OLD_KEY),
      rotated: await write('rotated', NEW_KEY, OLD_KEY),
      other: await write('other', `old ${'2c'.repeat(32)}`),
      without: await write('without', NEW_KEY),
    };
  })
  .extend('node', { scope: 'file' }, async ({ bed, keys }) => {
    const env = {
      SEINODE_PAYLOAD_KEY_FILE: keys.old,
      SEINODE_ALLOWED_IMAGES: 'ghcr.io/sei-protocol,quay.io/brancz/kube-rbac-proxy',
    };
    await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    const name = 'pacific-signer';
    await bed.nodes.createRunning(name, V1);
    await bed.runs.closed(bed.key(name));
    await bed.nodes.setImage(name, REFUSED);
    await bed.nodes.until(
      name,
      'its update has failed',
      ({ status }) => status?.plan?.lastFailure?.reason === 'InvalidSpec',
    );
    await bed.nodes.setImage(name, V2);
    await bed.nodes.untilSettledOn(name, V2);
    await bed.runs.closed(bed.key(name));
    return name;
  });

describe('a worker and a watcher that have a payload key', () => {
  it('let Temporal see no payload and no failure', async ({ bed, node }) => {
    const histories = await historiesOf(bed, node);
    const payloads = histories.flatMap(payloadsIn);
    expect(payloads.length).toBeGreaterThan(20);
    const encodings = payloads.map(({ metadata }) => textOf(metadata['encoding']));
    expect(new Set(encodings)).toEqual(new Set(['binary/encrypted']));
    expect(new Set(payloads.map(({ metadata }) => textOf(metadata['encryption-key-id'])))).toEqual(
      new Set(['old']),
    );

    const failures = histories.flatMap(failuresIn);
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures.map(({ message }) => message))).toEqual(new Set(['Encoded failure']));
    expect(failures.filter(({ stackTrace }) => stackTrace)).toEqual([]);
  });

  it('name the node and its image nowhere but in the id and the search attributes', async ({
    bed,
    node,
  }) => {
    for (const history of await historiesOf(bed, node)) {
      const text = JSON.stringify(without('searchAttributes', history))
        .replaceAll(nodeWorkflowId(bed.namespace, bed.key(node)), '')
        .concat(
          payloadsIn(history)
            .map(({ data }) => textOf(data))
            .join(),
        );
      expect(text).not.toContain(node);
      expect(text).not.toContain('sei-protocol');
      expect(text).not.toContain('registry.example.com');
    }
  });

  it('put six search attributes in the open, and no others', async ({ bed, node }) => {
    const [run] = await bed.runs.of(bed.key(node));
    const names = Object.keys(run?.searchAttributes ?? {});
    const ours = names.filter((name) => name.startsWith('Sei'));
    expect(ours.toSorted()).toEqual(Object.values(SEARCH_ATTRIBUTES).toSorted());
    // The others are Temporal's own.
    const others = names.filter((name) => !name.startsWith('Sei'));
    expect(others.filter((name) => name !== 'BuildIds')).toEqual([]);
  });

  it('are understood by a client of the same keys, and of rotated ones', async ({
    bed,
    keys,
    node,
  }) => {
    for (const file of [keys.old, keys.rotated]) {
      expect(await progressOf(bed, node, file)).toMatchObject({ node: { name: node } });
    }
  });

  it.for([
    ['without', 'encrypted with key "old", which'],
    ['other', 'cannot be decrypted with key "old" of'],
  ] as const)(
    'tell a client whose keys are %s which key it needs',
    async ([name, told], { bed, keys, node }) => {
      await expect(progressOf(bed, node, keys[name])).rejects.toThrow(told);
    },
  );
});

describe('a worker with rotated keys', () => {
  it('goes on with what was written before, and writes with the new key', async ({
    bed,
    keys,
    node,
  }) => {
    for (const process of bed.processes()) await process.stop('SIGTERM');
    const env = { SEINODE_PAYLOAD_KEY_FILE: keys.rotated };
    await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    await bed.nodes.setImage(node, V1);
    await bed.nodes.untilSettledOn(node, V1);
    const runs = await bed.runs.rolls(bed.key(node));
    const last = runs.at(-1)?.runId;
    const history = await historyOf(bed, node, last);
    const ids = payloadsIn(history).map(({ metadata }) => textOf(metadata['encryption-key-id']));
    expect(new Set(ids)).toEqual(new Set(['new']));
  });
});

describe('a worker and a watcher whose key file is rewritten', () => {
  /** Stalls the node, whose run is open for as long as that lasts. */
  const stall = async (bed: Testbed, name: string) => {
    await bed.nodes.setImage(name, CANNOT_PULL);
    await bed.nodes.until(
      name,
      'it is stalled',
      (version) => conditionOf(version, 'Stalled')?.startsWith('True') === true,
    );
    return (await newestRun(bed, name)).runId;
  };

  const mend = async (bed: Testbed, name: string) => {
    await bed.nodes.setImage(name, V2);
    await bed.nodes.untilSettledOn(name, V2);
    await bed.runs.closed(bed.key(name));
  };

  it('go over to the keys that it has, and lose no run', async ({ bed, keys }) => {
    for (const process of bed.processes()) await process.stop('SIGTERM');
    const env = { SEINODE_PAYLOAD_KEY_FILE: await keys.write('live', OLD_KEY) };
    const processes = await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    const [worker] = processes;
    const name = 'rotating';
    await bed.nodes.createRunning(name, V1);
    const underOld = await stall(bed, name);

    // The file is half written: the process says so, and all goes on as before.
    await rename(await keys.write('next', NEW_KEY.slice(0, 20), OLD_KEY), keys.path('live'));
    await untilReadAgain();
    const meanwhile = 'meanwhile';
    await bed.nodes.createRunning(meanwhile, V1);
    const [bringUp] = await bed.runs.closed(bed.key(meanwhile));
    expect(keyIdsOf(await historyOf(bed, meanwhile, bringUp?.runId))).toEqual(new Set(['old']));
    expect(processes.map((process) => process.log().split(KEYS_STAY).length - 1)).toEqual([1, 1]);

    await rename(await keys.write('next', NEW_KEY, OLD_KEY), keys.path('live'));
    await untilReadAgain();
    // By the time that another node is up, everything has arrived that was encrypted before and still under way.
    await bed.nodes.createRunning('since', V1);
    await bed.runs.closed(bed.key('since'));
    const before = eventsIn(await historyOf(bed, name, underOld));
    expect(keyIdsOf(before)).toEqual(new Set(['old']));
    await mend(bed, name);
    await completed(bed, name, underOld);
    const since = eventsIn(await historyOf(bed, name, underOld)).slice(before.length);
    const copied = new Set(payloadsIn(before).map(({ data }) => data));
    expect(since.filter((event) => keyIdsOf(event, copied).has('old'))).toEqual([]);
    expect(since.filter((event) => keyIdsOf(event).has('new'))).not.toEqual([]);

    const underNew = await stall(bed, name);
    await rename(await keys.write('next', NEW_KEY), keys.path('live'));
    await untilReadAgain();
    await mend(bed, name);
    await completed(bed, name, underNew);
    expect(keyIdsOf(await historyOf(bed, name, underNew))).toEqual(new Set(['new']));
    // The worker cannot read any more what was encrypted with the key that is gone.
    expect(worker.log()).not.toContain('encrypted with key');
    void progressOf(bed, name, keys.rotated, underOld).catch(() => undefined);
    await eventually('it says so', () => worker.log().includes('encrypted with key \\"old\\"'));

    expect(processes.map((process) => process.hasEnded())).toEqual([false, false]);
    expect(processes.map((process) => process.log().split(KEYS_STAY).length - 1)).toEqual([1, 1]);
  });
});

describe('a run that began in the open', () => {
  it('goes on when its worker gets a key', async ({ bed, keys }) => {
    for (const process of bed.processes()) await process.stop('SIGTERM');
    await Promise.all([bed.start('worker'), bed.start('watcher')]);
    const name = 'in-the-open';
    await bed.nodes.createRunning(name, V1);
    await bed.nodes.setImage(name, CANNOT_PULL);
    await bed.nodes.until(
      name,
      'it is stalled',
      (version) => conditionOf(version, 'Stalled')?.startsWith('True') === true,
    );
    for (const process of bed.processes()) await process.stop('SIGTERM');

    const env = { SEINODE_PAYLOAD_KEY_FILE: keys.old };
    await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    await bed.nodes.setImage(name, V2);
    await bed.nodes.untilSettledOn(name, V2);
    const runs = await bed.runs.rolls(bed.key(name));
    const last = runs.at(-1);
    const encodings = payloadsIn(await historyOf(bed, name, last?.runId)).map(({ metadata }) =>
      textOf(metadata['encoding']),
    );
    expect(new Set(encodings)).toEqual(new Set(['json/plain', 'binary/encrypted']));
    expect(last?.status.name).toBe('COMPLETED');
  });
});

describe('workers and watchers that require encryption', () => {
  it('do their own work, and nothing for whoever has no key', async ({ bed, keys }) => {
    for (const process of bed.processes()) await process.stop('SIGTERM');
    const env = { SEINODE_PAYLOAD_KEY_FILE: keys.old, SEINODE_PAYLOAD_REQUIRE: 'true' };
    await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
    const name = 'strict';
    const { metadata } = await bed.nodes.createRunning(name, V1);
    await bed.runs.closed(bed.key(name));

    const workflowId = nodeWorkflowId(bed.namespace, bed.key(name));
    const node = { ...bed.key(name), uid: metadata.uid };
    const asked = [{ name: 'beginSync', input: { node, planId: 'plan', workflowId } }];
    // Only a client with the key can read the reason.
    expect(await askFromOutside(bed.temporal, workflowId, bed.namespace, asked)).toMatchObject([
      { kind: 'failed', message: 'Encoded failure' },
    ]);
    const started = await bed.temporal.workflow.start('nodeSync', {
      workflowId,
      taskQueue: bed.namespace,
      args: [{ node }],
    });
    await started.result().catch(() => undefined);
    expect((await started.describe()).status.name).toBe('FAILED');

    await bed.nodes.setImage(name, V2);
    await bed.nodes.until(name, 'its update is under way', ({ status }) => {
      return status?.plan?.targetImage === V2;
    });
    // The run is open, or has just closed: in neither case does a plain command count.
    await started.signal('pause', { reason: 'without a key' }).catch(() => undefined);
    const settled = await bed.nodes.untilSettledOn(name, V2);
    expect(settled.status?.hold).toBeUndefined();
  });
});

describe('a worker without the key', () => {
  it('says which key it lacks, and leaves the run as it is', async ({ bed, keys, node }) => {
    for (const process of bed.processes()) await process.stop('SIGTERM');
    await bed.start('watcher', { SEINODE_PAYLOAD_KEY_FILE: keys.old });
    const worker = await bed.start('worker', { SEINODE_PAYLOAD_KEY_FILE: keys.without });
    await bed.nodes.setImage(node, V2);
    await eventually('it says so', () => worker.log().includes('encrypted with key \\"old\\"'));

    await worker.stop('SIGTERM');
    await bed.start('worker', { SEINODE_PAYLOAD_KEY_FILE: keys.rotated });
    // The server tries the run again with a back-off, which has grown by now.
    await bed.nodes.untilSettledOn(node, V2, 150_000);
  });
});

/** Waits until every user of the keys has those of the file. */
async function untilReadAgain(): Promise<void> {
  const writtenAt = performance.now();
  await eventually(
    'the keys are older than they may be in use',
    () => performance.now() - writtenAt > READ_AGAIN_MS,
  );
}

/** Waits until this very run has completed: a later one may record what shows only after the roll. */
async function completed(bed: Testbed, node: string, runId: string): Promise<void> {
  const id = nodeWorkflowId(bed.namespace, bed.key(node));
  const run = bed.temporal.workflow.getHandle(id, runId);
  await eventually(
    `run ${runId} has completed`,
    async () => (await run.describe()).status.name === 'COMPLETED',
  );
}

async function newestRun(bed: Testbed, node: string): Promise<WorkflowExecutionDescription> {
  return bed.temporal.workflow.getHandle(nodeWorkflowId(bed.namespace, bed.key(node))).describe();
}

interface JsonPayload {
  /** The metadata in base64. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

interface JsonEvent {
  readonly eventId: string;
}

interface JsonFailure {
  readonly message: string;
  readonly stackTrace?: string;
}

async function historiesOf(bed: Testbed, node: string): Promise<readonly unknown[]> {
  const runs = await bed.runs.closed(bed.key(node));
  return Promise.all(runs.map(({ runId }) => historyOf(bed, node, runId)));
}

async function historyOf(bed: Testbed, node: string, runId: string | undefined): Promise<unknown> {
  const id = nodeWorkflowId(bed.namespace, bed.key(node));
  const history = await bed.temporal.workflow.getHandle(id, runId).fetchHistory();
  return JSON.parse(historyToJSON(history));
}

function progressOf(bed: Testbed, node: string, keyFile: string, runId?: string): Promise<unknown> {
  const dataConverter = dataConverterFrom({ SEINODE_PAYLOAD_KEY_FILE: keyFile });
  const { connection, options } = bed.temporal;
  const client = new Client({
    connection,
    namespace: options.namespace,
    ...(dataConverter && { dataConverter }),
  });
  const id = nodeWorkflowId(bed.namespace, bed.key(node));
  return client.workflow.getHandle(id, runId).query('progress');
}

function without(left: string, history: unknown): unknown {
  return JSON.parse(
    JSON.stringify(history, (key, value: unknown) => (key === left ? undefined : value)),
  );
}

/**
 * Lists payloads without the SDK's own record of a local activity, which no codec sees: its number, its type and its
 * times. The activity's input and answer stand beside it.
 */
function payloadsIn(history: unknown): readonly JsonPayload[] {
  // Search attributes cannot be encrypted: Temporal searches by them.
  return objectsIn(without('searchAttributes', history))
    .filter(isPayload)
    .filter((payload) => !/^\{"seq":\d+,"attempt":\d+,"activity_id"/.test(textOf(payload.data)));
}

/**
 * Lists the keys that encrypt the payloads of events. The event of an attempt carries what the attempt before it left:
 * its failure, and its last heartbeat. Those have whatever key they had, on a busy machine. The data of `copied` stand
 * in other events already: the request to cancel an activity repeats the summary under which it was scheduled.
 */
function keyIdsOf(events: unknown, copied: ReadonlySet<string> = new Set()): Set<string> {
  const payloads = payloadsIn(without('lastFailure', without('lastHeartbeatDetails', events)));
  const written = payloads.filter(({ data }) => !copied.has(data));
  return new Set(written.map(({ metadata }) => textOf(metadata['encryption-key-id'])));
}

function eventsIn(history: unknown): readonly JsonEvent[] {
  return (history as { readonly events: readonly JsonEvent[] }).events;
}

function failuresIn(history: unknown): readonly JsonFailure[] {
  return objectsIn(history).filter(isFailure);
}

function isPayload(value: object): value is JsonPayload {
  return 'metadata' in value && 'data' in value && !('eventType' in value);
}

function isFailure(value: object): value is JsonFailure {
  return 'message' in value && 'source' in value;
}

function objectsIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function textOf(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('latin1');
}
