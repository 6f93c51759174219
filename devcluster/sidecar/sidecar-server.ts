import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';

import { keyOf } from '../../domain/node-ref.ts';
import { RBAC_PROXY_CONTAINER } from '../../domain/pod-view.ts';
import type { FaultBoard } from './fault-board.ts';
import type { RequestFault } from './fault.ts';
import type { Berth } from './fleet.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { nodeOf, runningContainer } from './pod.ts';
import { respond, type SidecarResponse } from './respond.ts';
import { callOf, isOpenToAll, type SidecarCall } from './sidecar-call.ts';

export interface SidecarServerOptions {
  readonly faults: FaultBoard;
  readonly journal: Journal;
  /** The pod with this address now, or undefined when there is none. */
  readonly podAt: (address: string) => Promise<Berth | undefined>;
}

/** What is done with a request: answered, or one of the things that a broken sidecar does. */
type Outcome = SidecarResponse | 'hang' | 'reset';

/**
 * The HTTP server of every pod's kube-rbac-proxy with the sidecar behind it. It listens nowhere: the
 * connections of all addresses are handed to it, and their local address says which pod is meant.
 */
export function createSidecarServer(options: SidecarServerOptions): ReturnType<typeof createServer> {
  return createServer((request, response) => {
    void serve(options, request, response).catch(() => request.socket.destroy());
  });
}

async function serve(
  options: SidecarServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request);
  const berth = await options.podAt(request.socket.localAddress ?? '');
  // Nobody has the address, or nothing listens in the pod yet.
  if (berth === undefined || !runningContainer(berth.pod, RBAC_PROXY_CONTAINER)) {
    request.socket.resetAndDestroy();
    return;
  }
  const { method = '', url: path = '', headers } = request;
  const call = callOf(method, path);
  const node = keyOf(nodeOf(berth.pod));
  const faults = options.faults.hitRequest(node, call.name);
  const outcome = await outcomeOf(faults, call, headers.authorization, () => {
    // What kube-rbac-proxy answers while nobody listens behind it.
    if (berth.sidecar === undefined) return { status: 502 };
    const storeFails = faults.some(({ kind }) => kind === 'store-fails');
    return respond(berth.sidecar.process, call, body, { storeFails });
  });
  options.journal.record(node, entryOf(request, call, body, berth, outcome));
  if (outcome === 'hang') return;
  if (outcome === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  send(response, outcome);
}

/** @param perform has the effect of the call, and must happen once or not at all. */
async function outcomeOf(
  faults: readonly RequestFault[],
  call: SidecarCall,
  authorization: string | undefined,
  perform: () => SidecarResponse,
): Promise<Outcome> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'slow':
        await sleep(fault.latencyMs);
        break;
      case 'hang':
        return 'hang';
      case 'refuse':
        return 'reset';
      case 'error':
        return { status: fault.status, body: { error: 'a fault was asked for' } };
      case 'unauthorized':
        if (isOpenToAll(call.name)) break;
        if (fault.acceptedToken && authorization === `Bearer ${fault.acceptedToken}`) break;
        return { status: 401, body: { error: 'Unauthorized' } };
      case 'drop-after-effect':
        perform();
        return 'reset';
      case 'store-fails':
        break;
    }
  }
  return perform();
}

function send(response: ServerResponse, { status, body }: SidecarResponse): void {
  if (body === undefined) {
    response.writeHead(status, { 'content-length': 0 }).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function entryOf(
  request: IncomingMessage,
  call: SidecarCall,
  body: string,
  { pod }: Berth,
  outcome: Outcome,
): JournalEntry {
  const { method = '', url: path = '', headers } = request;
  return {
    at: new Date().toISOString(),
    method,
    path,
    call: call.name,
    podUid: pod.metadata.uid,
    ...(body === '' ? {} : { body }),
    ...(headers.host === undefined ? {} : { host: headers.host }),
    outcome: typeof outcome === 'string' ? outcome : outcome.status,
  };
}
