/** The workflow types that the worker serves. Their names are wire names. */
export { nodeDelete } from './node-delete.ts';
export { nodeInit } from './node-init.ts';
export { nodeSync } from './node-sync.ts';
export { nodeUpdate } from './node-update.ts';
