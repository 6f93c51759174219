import type { TemporalAddress } from '../settings/temporal-settings.ts';
import type { Probe } from './probe-server.ts';

/** The reason why Temporal cannot be reached. */
export type Explanation =
  /** A person has to mend it. */
  | { readonly kind: 'settings'; readonly message: string }
  /** It may recover soon. */
  | { readonly kind: 'outage'; readonly message: string };

/** Explains in one sentence with a remedy; undefined when the server answers as it should. */
export function explainUnreachable(probe: Probe, to: TemporalAddress): Explanation | undefined {
  const sentence = (message: string): string => `Temporal at ${to.address} ${message}`;
  switch (probe.kind) {
    case 'answers':
      return undefined;
    case 'silent':
      return { kind: 'outage', message: 'it does not answer' };
    case 'answers otherwise':
      return {
        kind: 'settings',
        message: sentence('does not speak gRPC; check the host and port in TEMPORAL_ADDRESS'),
      };
    case 'hangs up':
      return { kind: 'settings', message: sentence(hungUp(to)) };
    case 'fails': {
      const mistake = mistakeOf(probe.code, probe.message, to);
      return mistake === undefined
        ? { kind: 'outage', message: probe.message }
        : { kind: 'settings', message: sentence(mistake) };
    }
  }
}

const CLIENT_CERTIFICATE = 'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH';

function hungUp(to: TemporalAddress): string {
  if (!to.tls) return 'hangs up on plain gRPC; if it speaks TLS, set TEMPORAL_TLS=true';
  return hasClientCertificate(to)
    ? `does not accept our client certificate; check ${CLIENT_CERTIFICATE}`
    : `hangs up after the TLS handshake; if it asks for a client certificate, set ${CLIENT_CERTIFICATE}`;
}

function mistakeOf(code: string, message: string, to: TemporalAddress): string | undefined {
  switch (code) {
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
      return 'shows a certificate of an authority that is not trusted; set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate of that authority';
    case 'CERT_HAS_EXPIRED':
      return 'shows a certificate that has expired; renew it there';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `shows a certificate of another name; set TEMPORAL_TLS_SERVER_NAME to one of its own: ${message}`;
    case 'WRONG_VERSION_NUMBER':
    case 'PACKET_LENGTH_TOO_LONG':
      return 'does not speak TLS; set TEMPORAL_TLS=false (an API key turns TLS on)';
    case 'TLSV1_ALERT_NO_APPLICATION_PROTOCOL':
      return 'does not speak gRPC; check the host and port in TEMPORAL_ADDRESS';
    case 'TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'SSLV3_ALERT_HANDSHAKE_FAILURE':
    case 'SSLV3_ALERT_BAD_CERTIFICATE':
    case 'SSLV3_ALERT_CERTIFICATE_UNKNOWN':
    case 'SSLV3_ALERT_CERTIFICATE_EXPIRED':
    case 'TLSV1_ALERT_UNKNOWN_CA':
      return hasClientCertificate(to)
        ? `does not accept our client certificate; check ${CLIENT_CERTIFICATE}`
        : `asks for a client certificate; set ${CLIENT_CERTIFICATE}`;
    default:
      return undefined;
  }
}

function hasClientCertificate({ tls }: TemporalAddress): boolean {
  return (
    typeof tls === 'object' && tls?.clientCertPair !== undefined && tls.clientCertPair !== null
  );
}
