import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { followPayloadKeyFile } from '../../temporal/payload-key-file.ts';
import type { PayloadKeys } from '../../temporal/payload-keys.ts';

const KEY = '0123456789abcdef'.repeat(4);

let directory: string;
let file: string;
let nowMs: number;
let faults: string[];
let keys: PayloadKeys;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'seinode-keys-'));
  file = path.join(directory, 'keys');
  writeFileSync(file, `k1 ${KEY}\n`);
  nowMs = 0;
  faults = [];
  keys = followPayloadKeyFile(
    file,
    (err) => faults.push((err as Error).message),
    () => nowMs,
  );
});
afterEach(() => rm(directory, { recursive: true }));

const ids = () => [keys.current.id, [...keys.byId.keys()]];

describe('followPayloadKeyFile', () => {
  it('has a key that was added a second later, and another first one', () => {
    writeFileSync(file, `k1 ${KEY}\nk2 ${KEY}\n`);
    nowMs = 999;
    expect(ids()).toEqual(['k1', ['k1']]);
    nowMs = 1_000;
    expect(ids()).toEqual(['k1', ['k1', 'k2']]);
    writeFileSync(file, `k2 ${KEY}\nk1 ${KEY}\n`);
    nowMs = 2_000;
    expect(ids()).toEqual(['k2', ['k2', 'k1']]);
    expect(faults).toEqual([]);
  });

  it.each([
    ['is gone', () => rmSync(file)],
    ['is half written', () => writeFileSync(file, 'k1 0123')],
  ])('keeps the keys of a file that %s, and says so once', (_, happens) => {
    happens();
    for (nowMs = 1_000; nowMs < 10_000; nowMs += 1_000) expect(ids()).toEqual(['k1', ['k1']]);
    expect(faults).toHaveLength(1);
    writeFileSync(file, `k2 ${KEY}\n`);
    expect(ids()).toEqual(['k2', ['k2']]);
  });

  it('throws where there are none to begin with', () => {
    expect(() => followPayloadKeyFile(path.join(directory, 'none'))).toThrow('ENOENT');
  });
});
