import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Moves messages and stack traces of failures into a payload, which a codec then encrypts. Part of the workflow bundle
 * of workers that encrypt, so it imports only the SDK.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
