import type { V1VolumeMount } from '@kubernetes/client-node';

/**
 * The mount path of the data volume, and seid's home. The same as the original operator's at the version
 * that this one takes over from: a pod that starts with another path starts on an empty home.
 */
export const DATA_DIRECTORY = '/.sei';

/** A directory on the data volume: seid unpacks snapshots here, which are too large for the machine's own disk. */
export const TEMPORARY_DIRECTORY = `${DATA_DIRECTORY}/tmp`;

export const DATA_VOLUME = 'data';

export const dataMount: V1VolumeMount = { name: DATA_VOLUME, mountPath: DATA_DIRECTORY };
