import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

import { FIELD_MANAGER } from '../domain/sei-node.ts';

/**
 * Forced: the node's objects are ours, and a field that somebody else has taken is taken back. What
 * we leave out stays theirs.
 */
export const APPLY_PARAMETERS = { fieldManager: FIELD_MANAGER, force: true } as const;

/** Without it the library sends a JSON patch. */
export const AS_APPLY = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);

export const AS_MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
