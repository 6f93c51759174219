import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TemporalAddress } from '../../settings/temporal-settings.ts';
import { credentialChange, validitiesOf } from '../../temporal/credentials.ts';
import type { Certificates, KeyPair } from './certificates.ts';
import { certificates } from './certificates.ts';

let made: Certificates;
let first: KeyPair;
let second: KeyPair;

beforeAll(async () => {
  made = await certificates();
  const authority = await made.authority('ours');
  first = await authority.issue('first');
  second = await authority.issue('second');
});
afterAll(() => made.dispose());

const address = 'temporal.example.com:7233';

function byCertificate({ cert, key }: KeyPair): TemporalAddress {
  return {
    address,
    tls: { clientCertPair: { crt: readFileSync(cert), key: readFileSync(key) } },
  };
}

const byKey = (apiKey: string): TemporalAddress => ({ address, tls: {}, apiKey });

const jwt = (claims: object): string => `${encoded({ alg: 'none' })}.${encoded(claims)}.signature`;

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

describe('credentialChange', () => {
  it('sees none where the files hold the same', () => {
    expect(credentialChange(byCertificate(first), byCertificate(first))).toBe('none');
    expect(credentialChange(byKey('a'), byKey('a'))).toBe('none');
  });

  it('tells a key, which a connection takes, from a certificate, which it does not', () => {
    expect(credentialChange(byKey('a'), byKey('b'))).toBe('api-key');
    expect(credentialChange(byCertificate(first), byCertificate(second))).toBe('connection');
  });

  it('wants another connection where a key comes or goes', () => {
    expect(credentialChange({ address, tls: {} }, byKey('a'))).toBe('connection');
    expect(credentialChange(byKey('a'), { address, tls: {} })).toBe('connection');
  });
});

describe('validitiesOf', () => {
  it('reads them from the client certificate', () => {
    const [validity, ...others] = validitiesOf(byCertificate(first));
    expect(others).toEqual([]);
    expect(validity?.credential).toBe('client-certificate');
    const days = (Number(validity?.to) - Number(validity?.from)) / 86_400_000;
    expect(days).toBe(1);
  });

  it('reads them from an API key that is a JSON Web Token', () => {
    expect(validitiesOf(byKey(jwt({ iat: 1_000, exp: 2_000 })))).toEqual([
      { credential: 'api-key', from: new Date(1_000_000), to: new Date(2_000_000) },
    ]);
  });

  it.each(['a-key', 'a.key.of-dots', `x.${encoded({ sub: 'us' })}.y`, 'a.!.b', ''])(
    'knows nothing of %j',
    (apiKey) => {
      expect(validitiesOf(byKey(apiKey))).toEqual([]);
    },
  );
});
