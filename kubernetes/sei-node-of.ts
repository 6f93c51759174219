import type { SeiNode } from '../domain/sei-node.ts';
import { identityOf, isRawObject } from './raw-object.ts';

/** What kubectl apply leaves behind: a second copy of the whole spec. */
const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A SeiNode from the API server's JSON, whose shape the CRD's schema has checked, without the two
 * copies of its fields that nobody reads: managedFields and the last-applied annotation.
 */
export function seiNodeOf(object: unknown): SeiNode {
  if (!isRawObject(object) || identityOf(object) === undefined || !isRawObject(object['spec'])) {
    throw new Error('the API server answered with something that is no SeiNode');
  }
  const { managedFields: _, annotations, ...metadata } = object['metadata'] as RawMetadata;
  const { [LAST_APPLIED_ANNOTATION]: __, ...kept } = annotations ?? {};
  const slim = { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) };
  return { ...object, metadata: slim } as unknown as SeiNode;
}

interface RawMetadata {
  readonly managedFields?: unknown;
  readonly annotations?: Readonly<Record<string, string>>;
}
