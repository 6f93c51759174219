import { describe, expect, it } from 'vitest';

import { asUserError, UserError } from '../../settings/user-error.ts';

describe('asUserError', () => {
  it('returns the result of the reader', () => {
    expect(asUserError(() => 42)).toBe(42);
  });

  it('turns an error into a message for a person, and keeps its cause', () => {
    const cause = new Error('SEI_SIDECAR_IMAGE is missing');
    const read = () => {
      throw cause;
    };
    expect(() => asUserError(read)).toThrow(
      new UserError('SEI_SIDECAR_IMAGE is missing', { cause }),
    );
    expect(() => asUserError(read)).toThrow(UserError);
  });
});
