import type { ServerResponse } from 'node:http';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ObjectVersion } from '../../../domain/node/node-ref.ts';
import { identityOf } from '../../../domain/node/raw-object.ts';
import type { KubernetesConnection } from '../../../kubernetes/api/client.ts';
import { connect } from '../../../kubernetes/api/client.ts';
import type { ListWatchTiming } from '../../../kubernetes/watch/list-watch.ts';
import type { Change } from '../../../kubernetes/watch/object-store.ts';
import type { Reflector } from '../../../kubernetes/watch/reflector.ts';
import { startReflector } from '../../../kubernetes/watch/reflector.ts';
import type { RecordedLog } from '../recorded-log.ts';
import { recordedLog } from '../recorded-log.ts';
import type { ScriptedApiServer } from '../scripted-api-server.ts';
import { LIST_PATH, refuse, scriptedApiServer } from '../scripted-api-server.ts';

const FAST: ListWatchTiming = {
  backOff: { firstMs: 1, maxMs: 10 },
  listSilenceMs: 60_000,
  watchSilenceMs: 60_000,
  watchSeconds: { min: 300, max: 600 },
  relistAfterMs: 3_600_000,
};

/** As short as a busy machine lets an answer be on its way. */
const SILENCE_MS = 1_000;

let server: ScriptedApiServer;
let connection: KubernetesConnection;
let stop: AbortController;
let log: RecordedLog;
let changes: string[];

beforeEach(async () => {
  server = await scriptedApiServer();
  connection = connect({ kubeconfigPath: server.kubeconfigPath, userAgent: 'reflector-test' });
  stop = new AbortController();
  log = recordedLog();
  changes = [];
});

afterEach(async () => {
  vi.restoreAllMocks();
  stop.abort();
  await connection.close();
  await server.dispose();
});

function start(
  timing: Partial<ListWatchTiming> = {},
  onChange: (change: Change<ObjectVersion>) => void = (change) =>
    changes.push(describeChange(change)),
): Reflector<ObjectVersion> {
  return startReflector({
    connection,
    path: LIST_PATH,
    labelSelector: 'sei.io/node',
    transform: versionOf,
    onChange,
    logger: log,
    signal: stop.signal,
    timing: { ...FAST, ...timing },
  });
}

function versionOf(object: unknown): ObjectVersion {
  const version = identityOf(object);
  if (version === undefined || version.name === 'unreadable') throw new Error('unreadable');
  return version;
}

function describeChange(change: Change<ObjectVersion>): string {
  const { name, uid } = change.object;
  return `${change.kind} ${name}${uid === `uid-of-${name}` ? '' : ` (${uid})`}`;
}

function names(reflector: Reflector<ObjectVersion>): string[] {
  return [...reflector.values()].map(({ name }) => name).toSorted();
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 15_000, interval: 2 });
}

/** A reflector that has listed one object and holds an open watch. */
async function watching(timing: Partial<ListWatchTiming> = {}): Promise<Reflector<ObjectVersion>> {
  server.put('first');
  const reflector = start(timing);
  await reflector.whenSynced();
  await until(() => server.openWatches() === 1);
  return reflector;
}

const requestsOf = (kind: 'list' | 'watch') =>
  server.requests.filter((request) => request.kind === kind);

describe('a reflector of a healthy server', () => {
  it('lists in pages, and follows from where the listing ended', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) server.put(name);
    const reflector = start();
    await reflector.whenSynced();
    expect(names(reflector)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(requestsOf('list').map(({ query }) => query.get('continue'))).toEqual([
      null,
      '105/2',
      '105/4',
    ]);

    await until(() => server.openWatches() === 1);
    const [watch] = requestsOf('watch');
    expect(watch?.query.get('resourceVersion')).toBe('105');
    expect(watch?.query.get('labelSelector')).toBe('sei.io/node');
    expect(watch?.query.get('allowWatchBookmarks')).toBe('true');
    expect(Number(watch?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(watch?.query.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
  });

  it('reports what is added, modified and deleted', async () => {
    const reflector = await watching();
    server.put('second');
    server.put('first');
    server.remove('second');
    await until(() => changes.length === 4);
    expect(changes).toEqual(['added first', 'added second', 'modified first', 'deleted second']);
    expect(names(reflector)).toEqual(['first']);
    expect(reflector.get('default/first')?.resourceVersion).toBe('103');
  });

  it('shows the change to its handler and the object as it was before', async () => {
    const seen: unknown[] = [];
    server.put('first');
    const reflector = start({}, (change) => {
      if (change.kind === 'modified') {
        seen.push([change.before.resourceVersion, change.object.resourceVersion]);
        seen.push(reflector.get('default/first')?.resourceVersion);
      }
    });
    await until(() => server.openWatches() === 1);
    server.put('first');
    await until(() => seen.length > 0);
    expect(seen).toEqual([['101', '102'], '102']);
  });

  it('continues after a bookmark from where the bookmark stands', async () => {
    await watching();
    server.compact();
    server.bookmark();
    server.put('second');
    await until(() => changes.includes('added second'));
    server.onOpenWatches((watch) => watch.socket?.resetAndDestroy());
    await until(() => server.watchesOpened() === 2);
    expect(requestsOf('list')).toHaveLength(1);
    expect(requestsOf('watch').at(-1)?.query.get('resourceVersion')).toBe('103');
  });

  it('opens the next watch at once when the server ends one', async () => {
    await watching({ backOff: { firstMs: 60_000, maxMs: 60_000 } });
    // Long enough ago that the watch counts as a healthy one.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_000);
    server.onOpenWatches((watch) => watch.end());
    await until(() => server.watchesOpened() === 2);
    expect(requestsOf('list')).toHaveLength(1);
  });

  it('lists again once the listing has become too old', async () => {
    await watching({ relistAfterMs: 60_000 });
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    server.onOpenWatches((watch) => watch.end());
    await until(() => server.watchesOpened() === 2);
    expect(requestsOf('list')).toHaveLength(2);
    expect(changes).toEqual(['added first']);
  });

  it('knows when it last heard the server', async () => {
    const reflector = await watching();
    const before = reflector.lastContactAt() ?? Infinity;
    await until(() => Date.now() > before);
    server.bookmark();
    await until(() => (reflector.lastContactAt() ?? 0) > before);
    expect(changes).toEqual(['added first']);
  });

  it('takes a watch that opens for a sign of life, though nothing happens in it', async () => {
    const reflector = await watching({ watchSilenceMs: SILENCE_MS });
    const before = reflector.lastContactAt() ?? Infinity;
    await until(() => server.watchesOpened() >= 2);
    await until(() => (reflector.lastContactAt() ?? 0) >= before + SILENCE_MS);
    expect(requestsOf('list')).toHaveLength(1);
  });

  it('stops with its signal', async () => {
    await watching();
    stop.abort();
    await until(() => server.openWatches() === 0);
    expect(log.entries).toEqual([]);
  });

  it('rejects whoever waits for the first listing when it is stopped', async () => {
    server.answerNext('list', () => undefined);
    const reflector = start();
    await until(() => requestsOf('list').length === 1);
    stop.abort(new Error('shutting down'));
    await expect(reflector.whenSynced()).rejects.toThrow('shutting down');
    expect(reflector.hasSynced()).toBe(false);
  });
});

describe('a watch that breaks', () => {
  const inStream: readonly [string, (watch: ServerResponse) => void][] = [
    ['is reset', (watch) => watch.socket?.resetAndDestroy()],
    [
      'is cut in the middle of a line',
      (watch) => watch.write('{"type":"ADDED","obj', () => watch.destroy()),
    ],
    ['brings a line that is no JSON', (watch) => watch.write('<html>\n')],
    ['brings an event of an unknown type', (watch) => watch.write('{"type":"NEWS","object":{}}\n')],
    ['ends in an error event', (watch) => watch.write(errorEvent(500))],
    ['ends as soon as it has begun', (watch) => watch.end()],
  ];

  it.each(inStream)('and %s is followed by another from the same version', async (_, fault) => {
    const reflector = await watching();
    server.onOpenWatches(fault);
    await until(() => server.watchesOpened() === 2);
    server.put('second');
    await until(() => changes.includes('added second'));
    expect(names(reflector)).toEqual(['first', 'second']);
    expect(requestsOf('list')).toHaveLength(1);
    expect(requestsOf('watch').map(({ query }) => query.get('resourceVersion'))).toEqual([
      '101',
      '101',
    ]);
    expect(log.entries.map(({ message }) => message)).toEqual(['Watch interrupted']);
  });

  it('misses nothing that happens in between', async () => {
    const reflector = await watching();
    server.answerNext('watch', refuse(500, 'InternalError'), (response) => {
      server.put('second');
      server.remove('first');
      refuse(500, 'InternalError')(response);
    });
    server.onOpenWatches((watch) => watch.destroy());
    await until(() => changes.length === 3);
    expect(changes).toEqual(['added first', 'added second', 'deleted first']);
    expect(names(reflector)).toEqual(['second']);
  });

  it.each([401, 429, 500, 503])('and is refused with %i is opened again', async (code) => {
    await watching();
    server.answerNext('watch', refuse(code, 'Refused'), refuse(code, 'Refused'));
    server.onOpenWatches((watch) => watch.destroy());
    await until(() => server.watchesOpened() === 2);
    server.put('second');
    await until(() => changes.includes('added second'));
    expect(requestsOf('list')).toHaveLength(1);
  });

  it.each(['429', '503'])('waits as long as a %s asks it to', async (code) => {
    await watching();
    server.answerNext('watch', refuse(Number(code), 'Busy', { 'retry-after': '1' }));
    server.onOpenWatches((watch) => watch.destroy());
    await until(() => server.watchesOpened() === 2);
    const [refused, accepted] = requestsOf('watch').slice(-2);
    expect((accepted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('is replaced when it has been silent for too long', async () => {
    await watching({ watchSilenceMs: SILENCE_MS });
    await until(() => server.watchesOpened() >= 3);
    server.put('second');
    await until(() => changes.includes('added second'));
    expect(requestsOf('list')).toHaveLength(1);
  });

  it('is given up when its answer does not begin', async () => {
    server.answerNext('watch', () => undefined);
    await watching({ watchSilenceMs: SILENCE_MS });
    expect(requestsOf('watch')).toHaveLength(2);
  });

  it('is opened again by a server that was away', async () => {
    const reflector = await watching();
    await server.stop();
    await until(() => log.entries.length >= 10);
    await server.start();
    server.put('second');
    await until(() => changes.includes('added second'));
    expect(names(reflector)).toEqual(['first', 'second']);
    expect(requestsOf('list')).toHaveLength(1);
  });

  it('is followed by a listing when it keeps failing without an event', async () => {
    await watching();
    server.answerNext('watch', ...Array.from({ length: 5 }, () => refuse(500, 'InternalError')));
    server.onOpenWatches((watch) => watch.destroy());
    await until(() => server.watchesOpened() === 2);
    expect(requestsOf('watch')).toHaveLength(7);
    expect(requestsOf('list')).toHaveLength(2);
    expect(changes).toEqual(['added first']);
  });
});

describe('a version that the server has forgotten', () => {
  it.each([
    ['as an answer', () => server.onOpenWatches((watch) => watch.destroy()), 3],
    ['as an event', () => server.onOpenWatches((watch) => watch.write(errorEvent(410))), 2],
  ])('is followed by a listing when the server says so %s', async (_, interrupt, watches) => {
    const reflector = await watching();
    server.put('second');
    await until(() => changes.includes('added second'));
    server.compact();
    interrupt();
    await until(() => server.watchesOpened() === 2);
    expect(requestsOf('list')).toHaveLength(2);
    expect(requestsOf('watch')).toHaveLength(watches);
    expect(names(reflector)).toEqual(['first', 'second']);
    expect(changes).toEqual(['added first', 'added second']);
  });

  it('reports what changed meanwhile, and objects that vanished as deleted', async () => {
    server.put('kept');
    server.put('changed');
    server.put('replaced');
    const reflector = await watching();
    changes.length = 0;
    await server.stop();
    server.remove('first');
    server.put('changed');
    server.remove('replaced');
    server.put('replaced', 'another');
    server.put('new');
    server.compact();
    await server.start();
    await until(() => changes.length === 5);
    expect(changes.toSorted()).toEqual([
      'added new',
      'added replaced (another)',
      'deleted first',
      'deleted replaced',
      'modified changed',
    ]);
    expect(names(reflector)).toEqual(['changed', 'kept', 'new', 'replaced']);
  });

  it('starts the listing over when it is forgotten between two pages', async () => {
    for (const name of ['a', 'b', 'c']) server.put(name);
    server.answerNext('list', (response, request) => {
      const metadata = { resourceVersion: '103', continue: '103/2' };
      response.end(JSON.stringify({ metadata, items: [{ metadata: pageItem('a') }] }));
      expect(request.query.get('continue')).toBeNull();
      server.remove('a');
      server.compact();
    });
    const reflector = start();
    await reflector.whenSynced();
    expect(requestsOf('list').map(({ query }) => query.get('continue'))).toEqual([
      null,
      '103/2',
      null,
    ]);
    expect(changes).toEqual(['added b', 'added c']);
  });
});

describe('a listing that fails', () => {
  it.each([401, 403, 404, 429, 500, 503])('with %i is repeated', async (code) => {
    server.put('first');
    server.answerNext('list', refuse(code, 'Refused'), refuse(code, 'Refused'));
    const reflector = start();
    await reflector.whenSynced();
    expect(requestsOf('list')).toHaveLength(3);
    expect(names(reflector)).toEqual(['first']);
  });

  it('is repeated until a server that cannot be reached is there', async () => {
    server.put('first');
    await server.stop();
    const reflector = start();
    await until(() => log.entries.length >= 3);
    expect(reflector.hasSynced()).toBe(false);
    expect(reflector.lastContactAt()).toBeUndefined();
    await server.start();
    await reflector.whenSynced();
    expect(names(reflector)).toEqual(['first']);
  });

  it.each([
    ['is no list', (response: ServerResponse) => response.end('{"kind":"Status"}')],
    ['is no JSON', (response: ServerResponse) => response.end('<html>')],
    [
      'is cut',
      (response: ServerResponse) => response.write('{"items":[{', () => response.destroy()),
    ],
    ['is reset', (response: ServerResponse) => response.socket?.resetAndDestroy()],
    ['does not go on', (response: ServerResponse) => response.write('{"items":[{')],
  ])('is repeated when the answer %s', async (_, fault) => {
    server.put('first');
    server.answerNext('list', fault);
    const reflector = start({ listSilenceMs: SILENCE_MS });
    await reflector.whenSynced();
    expect(names(reflector)).toEqual(['first']);
  });
});

describe('the options of a reflector', () => {
  it('goes on when a handler throws', async () => {
    server.put('first');
    const reflector = start({}, (change) => {
      changes.push(describeChange(change));
      throw new Error('handler');
    });
    await until(() => server.openWatches() === 1);
    server.put('second');
    await until(() => changes.length === 2);
    expect(names(reflector)).toEqual(['first', 'second']);
    expect(server.watchesOpened()).toBe(1);
    expect(log.entries.map(({ message }) => message)).toContain('A handler of changes threw');
  });

  it('leaves out an object that cannot be transformed', async () => {
    server.put('unreadable');
    const reflector = await watching();
    server.put('unreadable');
    server.put('second');
    await until(() => changes.includes('added second'));
    expect(names(reflector)).toEqual(['first', 'second']);
    expect(server.watchesOpened()).toBe(1);
  });
});

function errorEvent(code: number): string {
  const object = { kind: 'Status', code, reason: 'Told', message: 'told to end' };
  return `${JSON.stringify({ type: 'ERROR', object })}\n`;
}

function pageItem(name: string): ObjectVersion {
  return { namespace: 'default', name, uid: `uid-of-${name}`, resourceVersion: '101' };
}
