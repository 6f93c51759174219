import type { LiveObject } from '../../../domain/owned/live-object.ts';

/** Returns the content that rendered fields are compared with; undefined where it was not kept. */
export function contentOf(live: LiveObject | undefined): unknown {
  return live?.content.kind === 'kept' ? (JSON.parse(live.content.json) as unknown) : undefined;
}
