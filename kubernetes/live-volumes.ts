import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import type { RawObject } from '../domain/raw-object.ts';
import { isRawObject } from '../domain/raw-object.ts';
import type { ObjectApi } from './api/object-api.ts';
import { PERSISTENT_VOLUME_CLAIMS, SECRETS } from './api/resource.ts';
import type { VolumeApi } from './cluster.ts';
import { deleteVersion } from './exact-version.ts';

/** The Secrets and claims of the API server. */
export function liveVolumes(objects: ObjectApi): VolumeApi {
  return {
    getSecretMetadata: async (key) => {
      const secret = await objects.getMetadata(SECRETS, key);
      return secret && { deletionTimestamp: deletionTimestampOf(secret) };
    },

    getPersistentVolumeClaim: async (key) => {
      const claim = await objects.get(PERSISTENT_VOLUME_CLAIMS, key);
      return claim as V1PersistentVolumeClaim | undefined;
    },
    createPersistentVolumeClaim: async (desired) => {
      await objects.create(PERSISTENT_VOLUME_CLAIMS, desired);
    },

    deletePersistentVolumeClaim: (claim) => deleteVersion(objects, PERSISTENT_VOLUME_CLAIMS, claim),
  };
}

function deletionTimestampOf({ metadata }: RawObject): string | undefined {
  const timestamp = isRawObject(metadata) ? metadata['deletionTimestamp'] : undefined;
  return typeof timestamp === 'string' ? timestamp : undefined;
}
