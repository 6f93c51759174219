import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SidecarRequestSeen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A sidecar on the loopback that answers as the test says. */
export interface ScriptedSidecar {
  /** Leads the client to this server. */
  readonly addressTemplate: string;
  readonly requests: readonly SidecarRequestSeen[];
  connections(): number;
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function scriptedSidecar(): Promise<ScriptedSidecar> {
  const requests: SidecarRequestSeen[] = [];
  let connections = 0;
  const handle: RequestListener = (message, response) => {
    let body = '';
    message.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    message.on('end', () => {
      const { method = '', url: path = '', headers } = message;
      requests.push({ method, path, headers, body });
      sidecar.answer(response);
    });
  };
  const server = createServer(handle).on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sidecar: ScriptedSidecar = {
    addressTemplate: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    answer: (response) => response.writeHead(200).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sidecar;
}

/** Answers with a status and JSON. */
export function json(status: number, value: unknown): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
}
