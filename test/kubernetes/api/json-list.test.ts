import { describe, expect, it } from 'vitest';

import { jsonList } from '../../../kubernetes/api/json-list.ts';

async function read(text: string, chunkSize = text.length * 4): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of jsonList(chunksOf(Buffer.from(text), chunkSize))) parts.push(part);
  return parts;
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const items = [
  { name: 'plain', nested: [{ a: [1, [2]] }, {}] },
  { name: 'brackets in "strings": ]}[{ \\', 'ke"y': '\\"' },
  { name: 'one quote: " ]}[{' },
  { name: 'ünïcödé €𝄞' },
];

describe('jsonList', () => {
  // Built-in kinds come with the metadata first, custom resources with it last.
  it.each([
    [{ kind: 'PodList', metadata: { resourceVersion: '1', continue: '{[' }, items }],
    [{ apiVersion: 'v1', items, kind: 'SeiNodeList', metadata: { resourceVersion: '1' } }],
  ])('reads the items one by one, then the list without them: %o', async (list) => {
    for (const text of [JSON.stringify(list), JSON.stringify(list, undefined, 2)]) {
      for (const chunkSize of [1, 2, 7, 64, 10_000]) {
        expect(await read(text, chunkSize)).toEqual([
          ...items.map((object) => ({ kind: 'item', object })),
          { kind: 'envelope', object: { ...list, items: [] } },
        ]);
      }
    }
  });

  it.each([['{"items":[]}'], ['{"items":null}'], ['{"kind":"Status","details":{"causes":[{}]}}']])(
    'reads what has no items: %s',
    async (text) => {
      expect(await read(text)).toEqual([{ kind: 'envelope', object: JSON.parse(text) as unknown }]);
    },
  );

  it.each([['{"items":[{"a":1'], ['{"items":[{"a":1}'], ['{"items":[{a}]}'], ['<html>'], ['']])(
    'refuses what is cut or no JSON: %s',
    async (text) => {
      await expect(read(text)).rejects.toThrow(SyntaxError);
    },
  );
});
