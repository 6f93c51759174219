import { parseJson } from '../../domain/node/raw-object.ts';

const LINE_FEED = 0x0a;

/**
 * Yields the values of a stream that has one JSON value per line. Drops a last line without its end: the stream broke
 * in the middle of it. A line is decoded once it is complete, because a line of a megabyte comes in many chunks.
 *
 * @throws SyntaxError for a line that is no JSON
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (
      let end = chunk.indexOf(LINE_FEED);
      end !== -1;
      start = end + 1, end = chunk.indexOf(LINE_FEED, start)
    ) {
      pieces.push(chunk.subarray(start, end));
      const line = Buffer.concat(pieces).toString('utf8');
      pieces = [];
      if (line !== '') yield parseJson(line);
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
}
