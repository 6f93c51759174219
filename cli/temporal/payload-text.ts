import type { DataConverter } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

import type { ReadText } from './run-event-of.ts';

/** Reads payloads as the workers have written them, encrypted ones too where the key is there. */
export function payloadText(dataConverter: DataConverter | undefined): ReadText {
  const codecs = (dataConverter?.payloadCodecs ?? []).toReversed();
  return async (payload) => {
    if (!payload) return undefined;
    try {
      let decoded = [payload];
      for (const codec of codecs) decoded = await codec.decode(decoded);
      const value: unknown = defaultPayloadConverter.fromPayload(decoded[0] ?? payload);
      return typeof value === 'string' ? value : undefined;
    } catch {
      // A payload of another key stays unread, and so does one without a key.
      return undefined;
    }
  };
}
