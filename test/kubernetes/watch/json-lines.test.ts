import { expect, it } from 'vitest';

import { jsonLines } from '../../../kubernetes/watch/json-lines.ts';

async function read(...chunks: readonly (string | Uint8Array)[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of jsonLines(bytes(chunks))) values.push(value);
  return values;
}

async function* bytes(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

it('reads a value from each line, however the bytes arrive', async () => {
  expect(await read('{"a":1}\n{"b"', ':2}\n', '\n{"c":3}\n')).toEqual([
    { a: 1 },
    { b: 2 },
    { c: 3 },
  ]);
});

it('puts a character together that two chunks share', async () => {
  const line = Buffer.from('"ä€"\n');
  expect(await read(...[...line].map((byte) => Uint8Array.of(byte)))).toEqual(['ä€']);
});

it('drops a last line that was cut', async () => {
  expect(await read('1\n2')).toEqual([1]);
});

it('refuses a line that is no JSON', async () => {
  await expect(read('<html>\n')).rejects.toThrow(SyntaxError);
});
