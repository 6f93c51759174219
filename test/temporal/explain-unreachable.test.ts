import { describe, expect, it } from 'vitest';

import type { Explanation } from '../../temporal/explain-unreachable.ts';
import { explainUnreachable } from '../../temporal/explain-unreachable.ts';
import type { Probe } from '../../temporal/probe-server.ts';

const plain = { address: 'temporal:7233' };
const tls = { ...plain, tls: true };
const pem = Buffer.from('pem');
const mutual = { ...plain, tls: { clientCertPair: { crt: pem, key: pem } } };

const fails = (code: string): Probe => ({ kind: 'fails', code, message: `it said ${code}` });

describe('explainUnreachable', () => {
  it('has nothing to explain where the server answers as it should', () => {
    expect(explainUnreachable({ kind: 'answers' }, tls)).toBeUndefined();
  });

  it.for<[Probe, Explanation['message']]>([
    [{ kind: 'silent' }, 'it does not answer'],
    [fails('ECONNREFUSED'), 'it said ECONNREFUSED'],
    [fails('ENOTFOUND'), 'it said ENOTFOUND'],
    [fails('ECONNRESET'), 'it said ECONNRESET'],
  ])('holds %j to be an outage, which may be over soon', ([probe, message]) => {
    expect(explainUnreachable(probe, tls)).toEqual({ kind: 'outage', message });
  });

  it.for([
    [{ kind: 'answers otherwise' }, plain, 'does not speak gRPC; check the host and port'],
    [{ kind: 'hangs up' }, plain, 'set TEMPORAL_TLS=true'],
    [{ kind: 'hangs up' }, tls, 'if it asks for a client certificate, set TEMPORAL_TLS_CLIENT'],
    [{ kind: 'hangs up' }, mutual, 'does not accept our client certificate'],
    [fails('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), tls, 'set TEMPORAL_TLS_SERVER_CA_CERT_PATH'],
    [fails('CERT_HAS_EXPIRED'), tls, 'has expired'],
    [fails('ERR_TLS_CERT_ALTNAME_INVALID'), tls, 'set TEMPORAL_TLS_SERVER_NAME'],
    [fails('WRONG_VERSION_NUMBER'), tls, 'set TEMPORAL_TLS=false'],
    [fails('TLSV1_ALERT_NO_APPLICATION_PROTOCOL'), tls, 'does not speak gRPC'],
    [fails('TLSV13_ALERT_CERTIFICATE_REQUIRED'), tls, 'asks for a client certificate; set'],
    [fails('TLSV1_ALERT_UNKNOWN_CA'), mutual, 'does not accept our client certificate; check'],
  ] as const)('holds %j to be a mistake in the settings', ([probe, to, told]) => {
    const explanation = explainUnreachable(probe, to);
    expect(explanation?.kind).toBe('settings');
    expect(explanation?.message).toContain(`Temporal at temporal:7233 `);
    expect(explanation?.message).toContain(told);
  });
});
