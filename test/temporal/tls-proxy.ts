import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import type { KeyPair } from './certificates.ts';

/** One gRPC call as it came in. */
export interface SeenCall {
  /** Such as `/temporal.api.workflowservice.v1.WorkflowService/GetSystemInfo`. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** The common name of the caller's certificate. */
  readonly caller: string | undefined;
}

export interface TlsProxy {
  readonly address: string;
  readonly calls: readonly SeenCall[];
  close(): Promise<void>;
}

/**
 * Serves a plain gRPC server by TLS, as production does: the dev server cannot.
 *
 * @param clientAuthority admits only callers with a certificate of this authority
 */
export async function startTlsProxy(options: {
  readonly upstream: string;
  readonly server: KeyPair;
  readonly clientAuthority?: KeyPair;
}): Promise<TlsProxy> {
  const { upstream, server, clientAuthority } = options;
  const calls: SeenCall[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const plain = connect(`http://${upstream}`);
  const proxy = createSecureServer({
    cert: readFileSync(server.cert),
    key: readFileSync(server.key),
    ...(clientAuthority && {
      ca: readFileSync(clientAuthority.cert),
      requestCert: true,
      rejectUnauthorized: true,
    }),
  });
  proxy.on('session', (session) => {
    sessions.add(session);
    const end = endWithCertificate(session);
    session.on('close', () => {
      clearTimeout(end);
      sessions.delete(session);
    });
  });
  proxy.on('stream', (stream, headers) => {
    calls.push(callOf(stream, headers));
    const call = plain.request(upstreamHeaders(headers));
    call.on('response', (answer) => {
      stream.respond(answer, { waitForTrailers: true });
      call.pipe(stream);
    });
    let trailers: IncomingHttpHeaders = {};
    call.on('trailers', (atEnd: IncomingHttpHeaders) => {
      trailers = atEnd;
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    // Either side that goes takes the other along.
    call.on('error', () => stream.destroy());
    stream.on('error', () => call.destroy());
    stream.on('close', () => call.destroy());
    stream.pipe(call);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    // A name: Node warns of TLS to an address.
    address: `localhost:${port}`,
    calls,
    close: async () => {
      for (const session of sessions) session.destroy();
      plain.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** A strict proxy goes on with nobody whose certificate has ended; a handshake alone would not see it. */
function endWithCertificate(session: ServerHttp2Session): NodeJS.Timeout | undefined {
  const { valid_to: validTo } = (session.socket as TLSSocket).getPeerCertificate();
  if (validTo === undefined) return undefined;
  return setTimeout(() => session.destroy(), Date.parse(validTo) - Date.now());
}

function callOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): SeenCall {
  const socket = stream.session?.socket as TLSSocket | undefined;
  const subject = socket?.getPeerCertificate().subject as { CN?: string } | undefined;
  return {
    path: String(headers[':path']),
    authorization: headers['authorization'],
    caller: subject?.CN,
  };
}

function upstreamHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { ':authority': _authority, ':scheme': _scheme, ...rest } = headers;
  return rest;
}
