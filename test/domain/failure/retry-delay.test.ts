import { describe, expect, it } from 'vitest';

import { FailureType } from '../../../domain/failure/failure-type.ts';
import { retryDelaySeconds } from '../../../domain/failure/retry-delay.ts';

describe('retryDelaySeconds', () => {
  it.each([FailureType.Refused, FailureType.SidecarTaskFailed, FailureType.Unexpected])(
    'tries again at once, then after 30 seconds, doubling to 10 minutes, after %s',
    (type) => {
      const seconds = [1, 2, 3, 4, 5, 6, 7, 50, 5_000].map((n) => retryDelaySeconds(type, n));
      expect(seconds).toEqual([0, 30, 60, 120, 240, 480, 600, 600, 600]);
    },
  );

  it.each([
    FailureType.InvalidSpec,
    FailureType.Incompatible,
    FailureType.TooManyReplicas,
    FailureType.ForeignOwner,
  ])('checks every 10 minutes if somebody has fixed %s, which time does not fix', (type) => {
    expect([1, 2, 100].map((failures) => retryDelaySeconds(type, failures))).toEqual([
      600, 600, 600,
    ]);
  });
});
