/** The forms of setting values. The message of each names the expected form. */
import { z } from 'zod';

function text(pattern: RegExp, expected: string) {
  // Takes numbers too: in YAML `cpuRequest: 16` is one.
  return z
    .preprocess(
      (value) => (typeof value === 'number' ? String(value) : value),
      z.string({ error: expected }).trim().regex(pattern, { error: expected }),
    )
    .meta({ title: expected });
}

export const labelValue = text(
  /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
  'a label value, such as sei-node',
);

export const taintKey = text(
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
  'the key of a taint, such as sei.io/workload',
);

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export const serviceAccount = text(OBJECT_NAME, 'the name of a ServiceAccount, such as seid-node');

export const storageClass = text(OBJECT_NAME, 'the name of a StorageClass, such as gp3-10k-750');

/** Positive: no setting here makes sense at zero or below. */
export const quantity = text(
  /^(?=[+.0]*[1-9])\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/,
  'a positive Kubernetes quantity, such as 16 or 256Gi',
);

export const image = text(
  /^\S+$/,
  'an image reference, such as ghcr.io/sei-protocol/seictl:v1.0.0',
);

/** The domain of Services in the cluster's DNS. */
export const clusterDomain = text(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'the domain of a cluster, such as cluster.local',
);

/** At most a week: nobody waits longer, so a larger number is a mistake of the unit. */
export const graceSeconds = z.coerce
  .number({ error: 'whole seconds, such as 120' })
  .int({ error: 'whole seconds, such as 120' })
  .min(1, { error: 'at least 1 second' })
  .max(604_800, { error: 'at most 604800 seconds' });

export const bucketName = text(/^\S+$/, 'the name of an S3 bucket');

export const region = text(/^\S+$/, 'an AWS region, such as eu-central-1');
