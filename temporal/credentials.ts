/** The credentials that a process shows Temporal: their changes and their validity. Pure. */
import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import type { Validity } from '../domain/validity.ts';
import type { TemporalAddress } from '../settings/temporal-settings.ts';

export type CredentialChange =
  | 'none'
  /** A connection accepts another API key in place. */
  | 'api-key'
  /** A connection shows its certificate when it is made, so another certificate needs another connection. */
  | 'connection';

export function credentialChange(
  before: TemporalAddress,
  after: TemporalAddress,
): CredentialChange {
  if (!isDeepStrictEqual(before.tls, after.tls)) return 'connection';
  if (before.apiKey === after.apiKey) return 'none';
  return before.apiKey === undefined || after.apiKey === undefined ? 'connection' : 'api-key';
}

/** Returns the validity of the credentials that state it: certificates, and API keys that are JSON Web Tokens. */
export function validitiesOf(to: TemporalAddress): readonly Validity[] {
  return [...certificateValidity(to), ...apiKeyValidity(to)];
}

function certificateValidity({ tls }: TemporalAddress): readonly Validity[] {
  const pair = typeof tls === 'object' ? tls?.clientCertPair : undefined;
  if (pair === undefined) return [];
  // The first certificate of a chain is the one that is shown.
  const certificate = new X509Certificate(pair.crt);
  return [
    {
      credential: 'client-certificate',
      from: new Date(certificate.validFrom),
      to: new Date(certificate.validTo),
    },
  ];
}

/** RFC 7519, 4.1.4 and 4.1.6: seconds since the epoch. */
const CLAIMS = z.object({ iat: z.number(), exp: z.number() });

function apiKeyValidity({ apiKey }: TemporalAddress): readonly Validity[] {
  const claims = CLAIMS.safeParse(claimsOf(apiKey));
  if (!claims.success) return [];
  const { iat, exp } = claims.data;
  return [{ credential: 'api-key', from: new Date(iat * 1_000), to: new Date(exp * 1_000) }];
}

/** Returns the claims of a key; undefined for one that is no JSON Web Token, whose validity only its issuer knows. */
function claimsOf(apiKey: string | undefined): unknown {
  const [, claims] = apiKey?.split('.') ?? [];
  if (claims === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
