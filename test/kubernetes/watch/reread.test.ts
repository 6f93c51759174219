import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { CONFIG_MAPS } from '../../../kubernetes/api/resource.ts';
import type { Reread } from '../../../kubernetes/watch/reread.ts';
import { startReread } from '../../../kubernetes/watch/reread.ts';
import type { RecordedLog } from '../recorded-log.ts';
import { recordedLog } from '../recorded-log.ts';

let stop: AbortController;
let log: RecordedLog;
/** The objects that were read, as `namespace/name`. */
let reads: string[];
/** The objects that cannot be read. */
let broken: Set<string>;
let taken: string[];
let reread: Reread;

beforeEach(() => {
  vi.useFakeTimers();
  stop = new AbortController();
  log = recordedLog();
  reads = [];
  broken = new Set();
  taken = [];
  const getJson = async (path: string): Promise<unknown> => {
    const [, namespace, name] = /namespaces\/(.*)\/configmaps.*%3D(.*)$/u.exec(path) ?? [];
    const key = `${namespace}/${name}`;
    reads.push(key);
    if (broken.has(key)) throw new Error('refused');
    return { items: [key] };
  };
  reread = startReread({ connection: { getJson }, logger: log, signal: stop.signal });
});

afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

function ask(key: string, as = 'taken'): void {
  const [namespace = '', name = ''] = key.split('/');
  reread(CONFIG_MAPS, { namespace, name }, (object) => taken.push(`${as} ${String(object)}`));
}

/** Lets all happen that waits for no timer. */
const now = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

const namesOf = (namespace: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${namespace}/${index}`);

it('reads the objects of the namespaces in turn, however many there are of one', async () => {
  for (const key of namesOf('noisy', 500)) ask(key);
  ask('quiet/a');
  await now();
  expect(reads).toHaveLength(501);
  expect(reads.indexOf('quiet/a')).toBeLessThan(3);
});

it.each(['noisy', 'quiet'])('lets none wait for another that cannot be read, in %s', async (of) => {
  const all = namesOf('noisy', 5);
  broken = new Set(all);
  for (const key of all) ask(key);
  ask(`${of}/a`);
  await now();
  expect(taken).toEqual([`taken ${of}/a`]);
  await vi.advanceTimersByTimeAsync(60_000);
  ask('quiet/b');
  await now();
  expect(taken).toContain('taken quiet/b');
});

it('reads one that failed ever more rarely, until it is there, for who asked last', async () => {
  broken.add('ns/a');
  ask('ns/a', 'first');
  await now();
  ask('ns/a', 'second');
  await now();
  expect(reads).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(300_000);
  const soFar = reads.length;
  expect(soFar).toBeGreaterThan(10);
  expect(soFar).toBeLessThan(35);
  expect(log.entries).toHaveLength(soFar);
  broken.clear();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(reads).toHaveLength(soFar + 1);
  expect(taken).toEqual(['second ns/a']);
});

it('forgets how often one has failed once it was read', async () => {
  broken.add('ns/a');
  ask('ns/a');
  await vi.advanceTimersByTimeAsync(300_000);
  broken.clear();
  await vi.advanceTimersByTimeAsync(30_000);
  broken.add('ns/a');
  const soFar = reads.length;
  ask('ns/a');
  await vi.advanceTimersByTimeAsync(250);
  expect(reads).toHaveLength(soFar + 2);
});

it('asks nothing more and leaves no timer behind once it is over', async () => {
  broken.add('ns/a');
  ask('ns/a');
  await now();
  stop.abort();
  expect(vi.getTimerCount()).toBe(0);
  ask('ns/b');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reads).toEqual(['ns/a']);
});
