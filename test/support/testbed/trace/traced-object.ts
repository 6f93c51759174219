import { z } from 'zod';

/** The traced kinds of objects, by the resource as which the API serves them. */
export const TRACED_KINDS = {
  pods: 'Pod',
  services: 'Service',
  configmaps: 'ConfigMap',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  statefulsets: 'StatefulSet',
  seinodes: 'SeiNode',
} as const;

export type TracedKind = (typeof TRACED_KINDS)[keyof typeof TRACED_KINDS];

export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
}

/** One version of an object, reduced to what the rules need: thousands of whole ones would fill the memory. */
export interface TracedObject {
  readonly kind: TracedKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly Owner[];
  readonly finalizers: readonly string[];
  readonly deletionTimestamp: string | undefined;
  readonly graceSeconds: number;
  /** The part that only the whole object has, and not its metadata alone. */
  readonly content: TracedContent;
}

interface TracedContent {
  /** The phase of a pod. */
  readonly phase: string | undefined;
  /** The machine that a pod is bound to. */
  readonly machine: string | undefined;
  /** The Secrets and claims that a pod mounts, each with the volume's name. */
  readonly mounts: readonly Mount[];
  /** The size of a StatefulSet. */
  readonly size: Size;
  /** The claim that a SeiNode imports. */
  readonly importedClaim: string | undefined;
}

export interface Mount {
  readonly volume: string;
  readonly kind: 'Secret' | 'PersistentVolumeClaim';
  readonly name: string;
}

/** The pods that a StatefulSet asks for. */
export interface Size {
  readonly firstOrdinal: number;
  readonly replicas: number;
}

const metadata = z.object({
  namespace: z.string().default(''),
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        uid: z.string(),
        controller: z.boolean().optional(),
      }),
    )
    .default([]),
  finalizers: z.array(z.string()).default([]),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().default(0),
});

const volume = z.object({
  name: z.string(),
  secret: z.object({ secretName: z.string() }).optional(),
  persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
});

const object = z.object({
  metadata,
  spec: z
    .object({
      nodeName: z.string().optional(),
      volumes: z.array(volume).default([]),
      replicas: z.number().optional(),
      ordinals: z.object({ start: z.number().default(0) }).optional(),
      dataVolume: z
        .object({ import: z.object({ pvcName: z.string() }).optional() })
        .optional()
        // A claim template has another field of this name.
        .catch(undefined),
    })
    .optional(),
  status: z.object({ phase: z.string().optional() }).optional(),
});

/** Reads an object, or as much of it as its metadata. @throws for anything else */
export function tracedObject(kind: TracedKind, raw: unknown): TracedObject {
  const { metadata: read, spec, status } = object.parse(raw);
  const { ownerReferences, deletionGracePeriodSeconds, resourceVersion, ...rest } = read;
  return {
    ...rest,
    kind,
    resourceVersion: Number(resourceVersion),
    deletionTimestamp: read.deletionTimestamp,
    owners: ownerReferences,
    graceSeconds: deletionGracePeriodSeconds,
    content: {
      phase: status?.phase,
      machine: spec?.nodeName,
      mounts: (spec?.volumes ?? []).flatMap(mountsOf),
      size: { firstOrdinal: spec?.ordinals?.start ?? 0, replicas: spec?.replicas ?? 1 },
      importedClaim: spec?.dataVolume?.import?.pvcName,
    },
  };
}

function mountsOf({ name, secret, persistentVolumeClaim }: z.infer<typeof volume>): Mount[] {
  if (secret !== undefined) return [{ volume: name, kind: 'Secret', name: secret.secretName }];
  if (persistentVolumeClaim === undefined) return [];
  return [{ volume: name, kind: 'PersistentVolumeClaim', name: persistentVolumeClaim.claimName }];
}

/** Returns the owner that controls the object, else any. */
export function ownerOf({ owners }: TracedObject): Owner | undefined {
  return owners.find(({ controller }) => controller === true) ?? owners[0];
}

/** Returns whether a pod's containers have ended for good. */
export function hasEnded({ content: { phase } }: TracedObject): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
