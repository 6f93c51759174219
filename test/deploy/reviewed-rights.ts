import type { OperatorRole } from '../support/testbed/operator-process.ts';

/** Whom the worker is to the sidecars. */
type InstalledAccount = OperatorRole | 'sidecar-client';

/**
 * All that the accounts of an installation may do, each as `verb group/resource`. Whoever adds one says in the
 * review which code needs it; SECURITY.md says what they add up to.
 */
export const REVIEWED_RIGHTS: Readonly<Record<InstalledAccount, readonly string[]>> = {
  worker: [
    'get sei.io/seinodes',
    'list sei.io/seinodes',
    'watch sei.io/seinodes',
    'patch sei.io/seinodes',
    'patch sei.io/seinodes/status',
    'update sei.io/seinodes/finalizers',
    'get apps/statefulsets',
    'list apps/statefulsets',
    'watch apps/statefulsets',
    'create apps/statefulsets',
    'patch apps/statefulsets',
    'delete apps/statefulsets',
    'get /services',
    'list /services',
    'watch /services',
    'create /services',
    'patch /services',
    'get /configmaps',
    'list /configmaps',
    'watch /configmaps',
    'create /configmaps',
    'patch /configmaps',
    'get /pods',
    'list /pods',
    'watch /pods',
    'create /pods',
    'delete /pods',
    'get /persistentvolumeclaims',
    'create /persistentvolumeclaims',
    'patch /persistentvolumeclaims',
    'delete /persistentvolumeclaims',
    'get coordination.k8s.io/leases',
    'list coordination.k8s.io/leases',
    'create coordination.k8s.io/leases',
    'delete coordination.k8s.io/leases',
    'create /events',
    'list /events',
    'create /serviceaccounts/token',
  ],
  'sidecar-client': ['get sei.io/seinodetasks', 'create sei.io/seinodetasks'],
  watcher: [
    'list sei.io/seinodes',
    'watch sei.io/seinodes',
    'list apps/statefulsets',
    'watch apps/statefulsets',
    'list /services',
    'watch /services',
    'list /configmaps',
    'watch /configmaps',
    'list /pods',
    'watch /pods',
    'create coordination.k8s.io/leases',
    'get coordination.k8s.io/leases',
    'patch coordination.k8s.io/leases',
  ],
};
