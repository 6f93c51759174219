import { parseJson } from '../../domain/node/raw-object.ts';

/** A part of a Kubernetes list, as it arrives. */
export type ListPart =
  | { readonly kind: 'item'; readonly object: unknown }
  /** The list without its items. Comes last. */
  | { readonly kind: 'envelope'; readonly object: unknown };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The list is at depth 1, `items` (its only array) at 2, and each item at 3. */
const ITEMS_DEPTH = 2;
const ITEM_DEPTH = 3;

/**
 * Reads a list item by item, so that only one of them is in memory in full: a page of 500 StatefulSets is 16 MB of
 * JSON, and several times that once it is parsed.
 */
export async function* jsonList(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ListPart> {
  const envelope: Uint8Array[] = [];
  let item: Uint8Array[] = [];
  let depth = 0;
  let isInItems = false;
  let isInString = false;
  let isEscaped = false;

  for await (const chunk of chunks) {
    /** The start of the piece that has not been stored yet. */
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) {
        isInString = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        depth += 1;
        if (isInItems && depth === ITEM_DEPTH) {
          start = at;
        } else if (byte === OPEN_ARRAY && depth === ITEMS_DEPTH) {
          isInItems = true;
          envelope.push(chunk.subarray(start, at + 1));
        }
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (isInItems && depth === ITEM_DEPTH) {
          item.push(chunk.subarray(start, at + 1));
          yield { kind: 'item', object: parsePieces(item) };
          item = [];
        } else if (isInItems && depth === ITEMS_DEPTH) {
          isInItems = false;
          start = at;
        }
        depth -= 1;
      }
    }
    if (!isInItems) envelope.push(chunk.subarray(start));
    else if (depth >= ITEM_DEPTH) item.push(chunk.subarray(start));
  }
  yield { kind: 'envelope', object: parsePieces(envelope) };
}

function parsePieces(pieces: readonly Uint8Array[]): unknown {
  return parseJson(Buffer.concat(pieces).toString('utf8'));
}
