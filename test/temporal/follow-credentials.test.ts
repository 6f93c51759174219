import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { TemporalAddress } from '../../settings/temporal-settings.ts';
import { followCredentials } from '../../temporal/follow-credentials.ts';
import type { RecordedLog } from '../kubernetes/recorded-log.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { eventually } from '../support/eventually.ts';

const withKey = (apiKey: string): TemporalAddress => ({ address: 'temporal:7233', apiKey });

/** The content of the files, and the number of times that they were read. */
let files: () => TemporalAddress;
let reads: number;
let taken: (string | undefined)[];
let refuses: string | undefined;
let log: RecordedLog;
let ended: AbortController;
let following: Promise<void>;

beforeEach(() => {
  files = () => withKey('first');
  reads = 0;
  taken = [];
  refuses = undefined;
  log = recordedLog();
  ended = new AbortController();
  following = followCredentials({
    begun: withKey('first'),
    read: () => {
      reads += 1;
      return files();
    },
    take: async ({ apiKey }) => {
      if (refuses !== undefined) throw new Error(refuses);
      taken.push(apiKey);
    },
    signal: ended.signal,
    logger: log,
    everyMs: 5,
  });
});
afterEach(async () => {
  ended.abort();
  await following;
});

/** By then all that was read before is dealt with. */
async function untilReadAgain(times = 2): Promise<void> {
  const wanted = reads + times;
  await eventually('the files were read again', async () => reads >= wanted);
}

const messages = () => log.entries.map(({ message }) => message);

describe('followCredentials', () => {
  it('takes nothing while the files hold what the process has begun with', async () => {
    await untilReadAgain(5);
    expect(taken).toEqual([]);
    expect(messages()).toEqual([]);
  });

  it('takes what they hold by then, once', async () => {
    files = () => withKey('second');
    await untilReadAgain(5);
    expect(taken).toEqual(['second']);
    expect(messages()).toEqual(['credentials for Temporal have changed, and are in use']);
  });

  it('goes on with the old ones while the new ones cannot be read, says so once, and reads on', async () => {
    files = () => {
      throw new Error('half a file');
    };
    await untilReadAgain(5);
    expect(messages()).toEqual([
      'credentials for Temporal have changed, and the old ones stay in use',
    ]);
    files = () => withKey('second');
    await untilReadAgain();
    expect(taken).toEqual(['second']);
  });

  it('offers them again where Temporal does not take them', async () => {
    refuses = 'not yet';
    files = () => withKey('second');
    await untilReadAgain(3);
    expect(taken).toEqual([]);
    refuses = undefined;
    await untilReadAgain();
    expect(taken).toEqual(['second']);
  });

  it('ends with the process', async () => {
    ended.abort();
    await following;
    const before = reads;
    files = () => withKey('second');
    expect(reads).toBe(before);
    expect(taken).toEqual([]);
  });
});
