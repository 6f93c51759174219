import type { V1VolumeMount } from '@kubernetes/client-node';

/**
 * Where the data volume is mounted, and seid's home. The same as the original operator's at the
 * version that this one takes over from: a pod that starts with another path starts on an empty home.
 */
export const DATA_DIRECTORY = '/.sei';

/** On the data volume: seid unpacks snapshots here, too large for the node's own disk. */
export const TEMPORARY_DIRECTORY = `${DATA_DIRECTORY}/tmp`;

export const DATA_VOLUME = 'data';

export const dataMount: V1VolumeMount = { name: DATA_VOLUME, mountPath: DATA_DIRECTORY };
