import { describe, expect, it } from 'vitest';

import { refusalOf } from '../../temporal/refusal.ts';

function clientError(code: number): Error {
  const status = Object.assign(new Error(`${code} NAME: said so`), { code, details: 'said so' });
  return new Error('Failed to connect to Temporal server', { cause: status });
}

describe('refusalOf', () => {
  it.for([7, 16])('knows status %d of the client library', (code) => {
    expect(refusalOf(clientError(code))).toBe('said so');
  });

  it.for([
    'The request does not have valid authentication credentials',
    'The caller does not have permission to execute the specified operation',
  ])('knows it by the words of the native library: %s', (words) => {
    const error = new Error(`Failed to call GetSystemInfo: code: '${words}', message: "said so"`);
    expect(refusalOf(error)).toBe('said so');
  });

  it('takes no outage for a refusal', () => {
    const unavailable = 14;
    expect(refusalOf(clientError(unavailable))).toBeUndefined();
    expect(
      refusalOf(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    ).toBeUndefined();
    expect(refusalOf('text')).toBeUndefined();
  });
});
