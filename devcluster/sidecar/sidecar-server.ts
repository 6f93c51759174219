import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { keyOf } from '../../domain/node/node-ref.ts';
import { RBAC_PROXY_CONTAINER } from '../../domain/pod/pod-view.ts';
import type { FaultBoard } from './fault-board.ts';
import type { Berth, Fleet } from './fleet.ts';
import type { Journal } from './journal.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { nodeOf, runningContainer } from './pod.ts';
import { respond } from './respond.ts';
import { callOf } from './sidecar-call.ts';

export interface SidecarServerOptions {
  readonly fleet: Pick<Fleet, 'berth'>;
  /** Returns the pod that has this address now. */
  readonly podAt: (address: string) => Promise<Berth | undefined>;
  readonly faults: FaultBoard;
  readonly journal: Journal;
}

/**
 * The real proxy, written in Go, keeps idle connections. Node would close them after 5 s, and a caller that sends at
 * that moment would see a reset that no real pod gives.
 */
const KEEP_ALIVE_MS = 120_000;

/**
 * Makes the HTTP server of every pod: its kube-rbac-proxy with the sidecar behind it. It does not listen itself: it
 * receives the connections to all addresses, and the address says which pod is meant.
 */
export function createSidecarServer(options: SidecarServerOptions): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void serve(options, request, response).catch(() => request.socket.resetAndDestroy());
  });
}

async function serve(
  options: SidecarServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const at = new Date().toISOString();
  const { method = '', url: path = '', headers } = request;
  const call = callOf(method, path, await text(request));
  const berth = await options.podAt(request.socket.localAddress ?? '');
  // Nobody has the address, or nothing in the pod listens yet.
  if (berth === undefined || runningContainer(berth.pod, RBAC_PROXY_CONTAINER) === undefined) {
    request.socket.resetAndDestroy();
    return;
  }
  const podUid = berth.pod.metadata.uid;
  const node = keyOf(nodeOf(berth.pod));
  const faults = options.faults.hitRequest(node, call.kind);
  const outcome = await outcomeOf(call, faults, headers.authorization, () => {
    const now = options.fleet.berth(podUid);
    // The pod went while a fault delayed the answer.
    if (now === undefined) return 'reset';
    // kube-rbac-proxy answers this when nobody listens behind it.
    if (now.sidecar === undefined) return { status: 502 };
    const storeFails = faults.some(({ kind }) => kind === 'store-fails');
    return respond(now.sidecar.process, call, { storeFails });
  });
  options.journal.record(node, {
    at,
    method,
    path,
    host: headers.host ?? '',
    ...(headers.authorization !== undefined && { authorization: headers.authorization }),
    call,
    podUid,
    outcome: typeof outcome === 'string' ? outcome : outcome.status,
  });
  carryOut(outcome, request, response);
}

function carryOut(outcome: Outcome, request: IncomingMessage, response: ServerResponse): void {
  if (outcome === 'hang') return;
  if (outcome === 'reset') {
    request.socket.resetAndDestroy();
  } else if (outcome.body === undefined) {
    response.writeHead(outcome.status, { 'content-length': 0 }).end();
  } else {
    response.writeHead(outcome.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(outcome.body));
  }
}
