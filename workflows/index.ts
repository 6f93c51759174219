/** The workflow types that the worker serves. Their names are wire names. */
export { nodeInit } from './node-init.ts';
export { nodeUpdate } from './node-update.ts';
