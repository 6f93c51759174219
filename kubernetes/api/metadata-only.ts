import { isRawObject } from '../../domain/node/raw-object.ts';

const KIND = 'PartialObjectMetadata';

/**
 * The media types of metadata alone. No other type is accepted: a server that does not know them answers 406, never the
 * whole object.
 */
export const METADATA_ONLY = mediaTypeOf(KIND);
export const METADATA_ONLY_LIST = mediaTypeOf(`${KIND}List`);

/** True when this is the metadata of an object, and nothing else of it. */
export function isMetadataOnly(object: unknown): boolean {
  return isRawObject(object) && object['kind'] === KIND;
}

function mediaTypeOf(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1`;
}

/** The parts of each object that are listed and watched. */
export type ObjectParts = 'all' | 'metadata';
