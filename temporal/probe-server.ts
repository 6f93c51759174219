import type { Socket } from 'node:net';
import { connect as connectPlain } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';

import type { TemporalAddress } from '../settings/temporal-settings.ts';

/** The reaction of a server to a greeting in gRPC. */
export type Probe =
  | { readonly kind: 'answers' }
  /** It answers in another protocol. */
  | { readonly kind: 'answers otherwise' }
  | { readonly kind: 'hangs up' }
  | { readonly kind: 'silent' }
  /** @see https://nodejs.org/api/errors.html and OpenSSL's alerts for the codes */
  | { readonly kind: 'fails'; readonly code: string; readonly message: string };

const DEFAULT_PORT = 7233;

/** Short, because somebody waits for the explanation; a server that has not answered by then counts as silent. */
const PATIENCE_MS = 3_000;

/** The beginning of HTTP/2: its preface and an empty SETTINGS frame (RFC 9113, 3.4). */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const FRAME_TYPE_AT = 3;
const SETTINGS_FRAME = 4;

/** Greets the server as the gRPC libraries do, and returns the details that they hide. */
export function probeServer(to: TemporalAddress): Promise<Probe> {
  const socket = open(to);
  return new Promise<Probe>((resolve) => {
    socket.setTimeout(PATIENCE_MS, () => resolve({ kind: 'silent' }));
    socket.once('data', (bytes) =>
      resolve({ kind: bytes[FRAME_TYPE_AT] === SETTINGS_FRAME ? 'answers' : 'answers otherwise' }),
    );
    socket.once('error', ({ message, code = '' }: NodeJS.ErrnoException) =>
      resolve({ kind: 'fails', code: alertOf(message) ?? code, message }),
    );
    socket.once('close', () => resolve({ kind: 'hangs up' }));
    socket.write(PREFACE);
  }).finally(() => socket.destroy());
}

function open({ address, tls }: TemporalAddress): Socket {
  const { hostname, port } = new URL(`tcp://${address}`);
  // URL keeps the brackets of an IPv6 address.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const target = { host, port: Number(port || DEFAULT_PORT) };
  return tls ? connectTls({ ...target, ...tlsOptions(tls) }) : connectPlain(target);
}

function tlsOptions(tls: NonNullable<TemporalAddress['tls']>): ConnectionOptions {
  if (tls === true || tls === false) return { ALPNProtocols: ['h2'] };
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
  return {
    ALPNProtocols: ['h2'],
    ...(serverNameOverride !== undefined && { servername: serverNameOverride }),
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && {
      cert: Buffer.from(clientCertPair.crt),
      key: Buffer.from(clientCertPair.key),
    }),
  };
}

/** Finds the alert of a failed handshake that shows at the first write: only its text has the reason. */
function alertOf(message: string): string | undefined {
  return /SSL routines:\w*:([a-z0-9 ]+):/i.exec(message)?.[1]?.toUpperCase().replaceAll(' ', '_');
}
