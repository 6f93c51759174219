import { describe, expect, it } from 'vitest';

import { FAILURE_POLICY } from '../../../domain/failure/failure-policy.ts';
import { FailureType, failureTypeOf } from '../../../domain/failure/failure-type.ts';

describe('FAILURE_POLICY', () => {
  it('has a line for each kind of failure', () => {
    expect(Object.keys(FAILURE_POLICY).toSorted()).toEqual(Object.values(FailureType).toSorted());
  });
});

describe('failureTypeOf', () => {
  it.each(Object.values(FailureType))('knows %s', (type) => {
    expect(failureTypeOf(type)).toBe(type);
  });

  it.each(['', 'sidecar-http', 'Error', 'toString', undefined, null, 7, {}])(
    'takes %j for unexpected',
    (wireValue) => {
      expect(failureTypeOf(wireValue)).toBe(FailureType.Unexpected);
    },
  );
});
