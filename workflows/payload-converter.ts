import type { Payload, PayloadConverter } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

/** Stands for a payload that no converter can read. No reader accepts it, so it is ignored or refused. */
const UNREADABLE = Symbol('unreadable');

type Context = Parameters<PayloadConverter['fromPayload']>[1];

/**
 * The SDK's own converter, with one exception: a message or a start input that it cannot read, of an unknown encoding
 * or of broken JSON, becomes a value that no reader accepts. An exception would fail the workflow task again for ever.
 * An activity's answer is no message, and may fail so. Part of every workflow bundle.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context) => defaultPayloadConverter.toPayload(value, context),
  fromPayload: <T>(payload: Payload, context?: Context): T => {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload, context);
    } catch (err) {
      if (context?.type === 'workflow') return UNREADABLE as T;
      throw err;
    }
  },
};
