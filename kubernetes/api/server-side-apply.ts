import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

/** Without it the typed APIs send a JSON patch. */
export const AS_MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
