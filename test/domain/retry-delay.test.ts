import { describe, expect, it } from 'vitest';

import { FailureType } from '../../domain/failure-type.ts';
import { retryDelay } from '../../domain/retry-delay.ts';

describe('retryDelay', () => {
  it('tries again at once, then after 30 seconds, doubling to 10 minutes', () => {
    const seconds = [1, 2, 3, 4, 5, 6, 7, 50, 5_000].map((failures) =>
      retryDelay(FailureType.Refused, failures),
    );
    expect(seconds).toEqual(
      [0, 30, 60, 120, 240, 480, 600, 600, 600].map((value) => ({ kind: 'after', seconds: value })),
    );
  });

  it.each([FailureType.InvalidSpec, FailureType.Incompatible, FailureType.TooManyReplicas])(
    'waits for a change after %s, which time does not mend',
    (type) => {
      for (const failures of [1, 2, 100]) {
        expect(retryDelay(type, failures)).toEqual({ kind: 'on-change' });
      }
    },
  );

  it('looks now and then whether what belongs to somebody else is gone', () => {
    for (const failures of [1, 2, 100]) {
      const seconds = 10 * 60;
      expect(retryDelay(FailureType.ForeignOwner, failures)).toEqual({ kind: 'after', seconds });
    }
  });

  it.each([FailureType.Refused, FailureType.SidecarTaskFailed, 'Unexpected'])(
    'tries again by itself after %s',
    (type) => {
      expect(retryDelay(type, 3).kind).toBe('after');
    },
  );
});
