import type { Socket } from 'node:net';
import { connect as connectPlain } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';

import type { TemporalAddress } from '../settings/temporal-settings.ts';

/** What a server does when it is spoken to as gRPC is. */
export type Probe =
  | { readonly kind: 'answers' }
  /** Something of another protocol. */
  | { readonly kind: 'answers otherwise' }
  | { readonly kind: 'hangs up' }
  | { readonly kind: 'silent' }
  /** @see https://nodejs.org/api/errors.html and OpenSSL's alerts for the codes */
  | { readonly kind: 'fails'; readonly code: string; readonly message: string };

const DEFAULT_PORT = 7233;

/** Somebody waits for the explanation; whoever has not answered by then is called silent. */
const PATIENCE_MS = 3_000;

/** How HTTP/2 begins: its preface and an empty SETTINGS frame (RFC 9113, 3.4). */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const FRAME_TYPE_AT = 3;
const SETTINGS_FRAME = 4;

/** Speaks to the server as the gRPC libraries do, and hears what they do not tell. */
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

/** A failed handshake that shows at the first write has its reason in the text only. */
function alertOf(message: string): string | undefined {
  return /SSL routines:\w*:([a-z0-9 ]+):/i.exec(message)?.[1]?.toUpperCase().replaceAll(' ', '_');
}
