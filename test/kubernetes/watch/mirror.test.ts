import { expect, it } from 'vitest';

import type { Mirror } from '../../../kubernetes/watch/mirror.ts';
import { createMirror } from '../../../kubernetes/watch/mirror.ts';
import type { Change } from '../../../kubernetes/watch/object-store.ts';
import { recordedLog } from '../recorded-log.ts';

interface Kept {
  readonly text: string;
}

const KEY = 'ns/n0';

let changes: Change<Kept>['kind'][];

function mirrorOf(parts: 'all' | 'metadata'): Mirror<Kept> {
  changes = [];
  return createMirror<Kept>({
    parts,
    transform: (object, before) => ({
      text: (object as { text?: string }).text ?? before?.text ?? 'unread',
    }),
    onChange: ({ kind }) => changes.push(kind),
    logger: recordedLog(),
  });
}

function objectAt(resourceVersion: string, text?: string, uid = 'u') {
  return { metadata: { namespace: 'ns', name: 'n0', uid, resourceVersion }, text };
}

function seen(mirror: Mirror<Kept>, object: ReturnType<typeof objectAt>): void {
  mirror.accept({ kind: 'changed', version: object.metadata, object });
}

function listed(mirror: Mirror<Kept>, object: object, meanwhile: () => void): void {
  const listing = mirror.beginListing();
  listing.add(object);
  meanwhile();
  listing.complete();
}

it.each(['all', 'metadata'] as const)(
  'keeps what was read again while a listing came in, where %s is watched',
  (parts) => {
    const mirror = mirrorOf(parts);
    seen(mirror, objectAt('1'));
    listed(mirror, objectAt('1'), () => mirror.retake(objectAt('1', 'read')));
    expect(mirror.get(KEY)).toEqual({ text: 'read' });
    expect(changes).toEqual(['added']);
  },
);

it('takes what is listed at another version, or is another object of the name', () => {
  const mirror = mirrorOf('metadata');
  seen(mirror, objectAt('1', 'one'));
  listed(mirror, objectAt('2', 'two'), () => mirror.retake(objectAt('1', 'read')));
  expect(mirror.get(KEY)).toEqual({ text: 'two' });
  listed(mirror, objectAt('2', 'anew', 'another'), () => mirror.retake(objectAt('2', 'read')));
  expect(mirror.get(KEY)).toEqual({ text: 'anew' });
  expect(changes).toEqual(['added', 'modified', 'deleted', 'added']);
});

it('does not turn time back by a reading that is older than what the watch has brought', () => {
  const mirror = mirrorOf('all');
  seen(mirror, objectAt('2', 'two'));
  expect(mirror.retake(objectAt('1', 'one'))).toBe(false);
  expect(mirror.get(KEY)).toEqual({ text: 'two' });
  expect(mirror.retake(objectAt('2', 'all of two'))).toBe(true);
  expect(mirror.get(KEY)).toEqual({ text: 'all of two' });
});

it('takes a reading at any version where the watch brings metadata alone', () => {
  const mirror = mirrorOf('metadata');
  seen(mirror, objectAt('2'));
  expect(mirror.retake(objectAt('3', 'three'))).toBe(true);
  expect(mirror.get(KEY)).toEqual({ text: 'three' });
});

it('brings back nothing that is gone, nor an earlier object of the name', () => {
  const mirror = mirrorOf('metadata');
  expect(mirror.retake(objectAt('1', 'gone'))).toBe(false);
  seen(mirror, objectAt('2', 'two'));
  expect(mirror.retake(objectAt('2', 'earlier', 'another'))).toBe(false);
  expect(mirror.get(KEY)).toEqual({ text: 'two' });
});
