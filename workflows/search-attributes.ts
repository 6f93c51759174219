import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import type { SearchAttribute } from '../domain/run/search-attribute.ts';
import { SEARCH_ATTRIBUTES, searchAttributeValue } from '../domain/run/search-attribute.ts';

/**
 * Sets the changed attributes, if the installation has them: an attribute that the Temporal namespace lacks would fail
 * the workflow task for ever, so only a run that was started with attributes sets more of them.
 */
export function setSearchAttributes(attributes: Partial<Record<SearchAttribute, string>>): void {
  const { typedSearchAttributes: known } = workflowInfo();
  if (known.get(keywordKey('node')) === undefined) return;
  const changed = (Object.keys(attributes) as SearchAttribute[])
    .map((attribute) => ({ key: keywordKey(attribute), value: valueOf(attributes[attribute]) }))
    .filter(({ key, value }) => known.get(key) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}

function valueOf(text: string | undefined): string | null {
  return text === undefined ? null : searchAttributeValue(text);
}

function keywordKey(attribute: SearchAttribute) {
  return defineSearchAttributeKey(SEARCH_ATTRIBUTES[attribute], 'KEYWORD');
}
