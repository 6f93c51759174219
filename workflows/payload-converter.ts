import type { Payload, PayloadConverter } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

/** In place of what somebody sent that no converter reads; it fits nowhere, so it is ignored or refused. */
const UNREADABLE = Symbol('unreadable');

type Context = Parameters<PayloadConverter['fromPayload']>[1];

/**
 * The SDK's own converter, except that a message or a start input that it cannot read, of an unknown
 * encoding or of broken JSON, is a value that does not fit: thrown, it would fail the workflow task again
 * for ever. What activities answered is no message, and may fail so. Part of every workflow bundle.
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
