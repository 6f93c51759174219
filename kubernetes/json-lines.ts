import { parseJson } from './raw-object.ts';

/**
 * The values of a stream with one JSON value a line. A last line without its end is dropped: the
 * stream broke in the middle of it.
 *
 * @throws SyntaxError for a line that is no JSON.
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') yield parseJson(line);
    }
  }
}
