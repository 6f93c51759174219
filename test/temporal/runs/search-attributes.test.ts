import type { Connection } from '@temporalio/client';
import { ServiceError } from '@temporalio/client';
import { beforeEach, describe, expect, it } from 'vitest';

import { SEARCH_ATTRIBUTES } from '../../../domain/run/search-attribute.ts';
import { NODE_RUNS } from '../../../temporal/runs/node-runs.ts';
import {
  createSearchAttributes,
  isSearchAttributeRefusal,
} from '../../../temporal/runs/search-attributes.ts';
import { recordedLog } from '../../kubernetes/recorded-log.ts';
import { seiNode } from '../../support/sei-node.ts';

const NAMES = Object.values(SEARCH_ATTRIBUTES);
const KEYWORD = 2;

/** The operator service of a Temporal server, with one namespace. */
class FakeOperatorService {
  readonly registered = new Map<string, number>();
  readonly additions: string[][] = [];
  isPermitted = true;

  async listSearchAttributes() {
    return { customAttributes: Object.fromEntries(this.registered) };
  }

  async addSearchAttributes(request: { searchAttributes: Record<string, number> }) {
    if (!this.isPermitted) throw new Error('7 PERMISSION_DENIED: not for you');
    this.additions.push(Object.keys(request.searchAttributes));
    for (const [name, type] of Object.entries(request.searchAttributes)) {
      this.registered.set(name, type);
    }
  }
}

const OF_NODE = NODE_RUNS.searchAttributes(seiNode());

let service: FakeOperatorService;
let log = recordedLog();

beforeEach(() => {
  service = new FakeOperatorService();
  log = recordedLog();
});

function searchAttributes() {
  const connection = { operatorService: service } as unknown as Connection;
  return createSearchAttributes({ connection }, 'default', log);
}

describe('register', () => {
  it('registers the missing attributes as keywords', async () => {
    service.registered.set('SeiNode', KEYWORD);
    await searchAttributes().register();
    expect(service.additions).toEqual([NAMES.filter((name) => name !== 'SeiNode')]);
    expect(new Set(service.registered.values())).toEqual(new Set([KEYWORD]));
  });

  it('registers nothing if none is missing', async () => {
    const attributes = searchAttributes();
    await attributes.register();
    await attributes.register();
    expect(service.additions).toHaveLength(1);
  });

  it('goes on without them if that is not permitted, and warns once', async () => {
    service.isPermitted = false;
    const attributes = searchAttributes();
    await attributes.register();
    await attributes.register();
    expect(attributes.of(OF_NODE)).toBeUndefined();
    expect(log.entries).toMatchObject([
      {
        message: 'running without search attributes',
        fields: { temporalNamespace: 'default', error: '7 PERMISSION_DENIED: not for you' },
      },
    ]);
  });

  it('goes on without them if the namespace has lost them and that is not permitted', async () => {
    const attributes = searchAttributes();
    await attributes.register();
    service.registered.clear();
    service.isPermitted = false;
    await attributes.register();
    expect(attributes.of(OF_NODE)).toBeUndefined();
  });

  it('goes without all of them if one is registered with another type', async () => {
    service.registered.set('SeiNode', 4);
    const attributes = searchAttributes();
    await attributes.register();
    expect(attributes.of(OF_NODE)).toBeUndefined();
    expect(service.additions).toEqual([]);
    expect(log.entries).toMatchObject([
      { fields: { error: 'SeiNode is registered with another type than Keyword' } },
    ]);
  });

  it('has them back once they are registered after all', async () => {
    service.isPermitted = false;
    const attributes = searchAttributes();
    await attributes.register();
    service.isPermitted = true;
    await attributes.register();
    expect(attributes.of(OF_NODE)).toBeDefined();
  });
});

describe('of', () => {
  it('has none before the namespace is known to have them', () => {
    expect(searchAttributes().of(OF_NODE)).toBeUndefined();
  });

  it('names the node and its image', async () => {
    const attributes = searchAttributes();
    await attributes.register();
    const pairs = attributes.of(OF_NODE)?.getAll() ?? [];
    expect(Object.fromEntries(pairs.map(({ key, value }) => [key.name, value]))).toEqual({
      SeiNode: 'n0',
      SeiNamespace: 'default',
      SeiChain: 'pacific-1',
      SeiImage: 'sei:v1',
      SeiStep: 'begin',
      SeiOutcome: 'Running',
    });
  });
});

describe('isSearchAttributeRefusal', () => {
  const LACKING = 'Namespace default has no mapping defined for search attribute SeiNode';
  const grpc = (code: number, details = LACKING) =>
    Object.assign(new Error('from the server'), { code, details });

  it('finds the code however deep it lies', () => {
    expect(isSearchAttributeRefusal(grpc(3))).toBe(true);
    expect(isSearchAttributeRefusal(new ServiceError('failed', { cause: grpc(3) }))).toBe(true);
  });

  it.each([
    grpc(14),
    grpc(3, 'UserMetadata.Summary exceeds size limit'),
    new Error('no code'),
    'no error',
    undefined,
  ])('takes %o for another', (err) => {
    expect(isSearchAttributeRefusal(err)).toBe(false);
  });
});
