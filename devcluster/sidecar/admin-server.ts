import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { json } from 'node:stream/consumers';

import type { FaultBoard } from './fault-board.ts';
import { faultsSchema } from './fault.ts';
import type { Fleet } from './fleet.ts';
import type { Journal } from './journal.ts';
import type { NodeState } from './node-state.ts';

export interface AdminOptions {
  readonly fleet: Pick<Fleet, 'ofNode' | 'restart'>;
  readonly faults: FaultBoard;
  readonly journal: Journal;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Serves the API by which tests break sidecars and see what reached them:
 *
 * - `GET /nodes/{namespace}/{name}`: its state, a `NodeState`
 * - `PUT /nodes/{namespace}/{name}/faults`: a list of `Fault`, which replaces the one before
 * - `POST /nodes/{namespace}/{name}/restart`: restarts the sidecar within its pod
 * - `GET` and `DELETE /nodes/{namespace}/{name}/journal`: a list of `JournalEntry`, oldest first
 */
export function createAdminServer(options: AdminOptions): Server {
  return createServer((request, response) => {
    answer(options, request)
      .catch((err: unknown): Answer => ({ status: 400, body: { error: String(err) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      })
      .catch(() => request.socket.destroy());
  });
}

async function answer(options: AdminOptions, request: IncomingMessage): Promise<Answer> {
  const { fleet, faults, journal } = options;
  const { method = '', url = '' } = request;
  const match = /^\/nodes\/([^/]+\/[^/]+)(\/[a-z]+)?$/.exec(url);
  if (match === null) return { status: 404, body: { error: `there is no ${url}` } };
  const [, node = '', resource = ''] = match;
  switch (method + resource) {
    case 'GET':
      return { status: 200, body: stateOf(options, node) };
    case 'PUT/faults':
      faults.post(node, faultsSchema.parse(await json(request)));
      return { status: 204 };
    case 'POST/restart': {
      const uid = fleet.ofNode(node)?.pod.metadata.uid;
      if (uid !== undefined && fleet.restart(uid)) return { status: 204 };
      return { status: 409, body: { error: `${node} has no pod whose sidecar runs` } };
    }
    case 'GET/journal':
      return { status: 200, body: journal.of(node) };
    case 'DELETE/journal':
      journal.clear(node);
      return { status: 204 };
    default:
      return { status: 404, body: { error: `there is no ${method} ${url}` } };
  }
}

function stateOf({ fleet, faults }: AdminOptions, node: string): NodeState {
  const berth = fleet.ofNode(node);
  if (berth === undefined) return { faults: faults.of(node) };
  const { pod, sidecar } = berth;
  const { name, uid } = pod.metadata;
  const ip = pod.status.podIP;
  return {
    faults: faults.of(node),
    pod: { name, uid, ...(ip === undefined ? {} : { ip }) },
    ...(sidecar && {
      sidecar: {
        ready: sidecar.process.ready,
        restartCount: sidecar.restartCount,
        tasks: [...sidecar.process.volume.tasks.values()],
      },
    }),
  };
}
