import { z } from 'zod';

import { UserError } from './user-error.ts';

/** What the processes read from their environment, beside Temporal's and the platform's settings. */
export interface OperatorSettings {
  /** Names this Kubernetes cluster in workflow ids; undefined: derived from the cluster itself. */
  readonly clusterName: string | undefined;
  /** Only this Kubernetes namespace is served; undefined: all. */
  readonly watchNamespace: string | undefined;
  readonly taskQueue: string;
  /** Address of a node's sidecar with placeholders; undefined: the pod's IP at the proxy's port. */
  readonly sidecarUrl: string | undefined;
  readonly sidecarTokenFile: string | undefined;
  readonly rollOnPlatformSidecarImage: boolean;
  readonly resyncSeconds: number;
  readonly sidecarProbeSeconds: number;
  readonly connectTimeoutSeconds: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

const optionalText = z.string().min(1).optional();

const environment = z.object({
  SEINODE_CLUSTER_NAME: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits, - and .')
    .optional(),
  SEINODE_NAMESPACE: optionalText,
  SEINODE_TASK_QUEUE: z.string().min(1).default('seinode'),
  SEINODE_SIDECAR_URL: optionalText,
  SEINODE_SIDECAR_TOKEN_FILE: optionalText,
  SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE: z.enum(['true', 'false']).default('false'),
  // A lost event costs at most this long; each resync of an idle node is free, of a due one a call.
  SEINODE_RESYNC_SECONDS: z.coerce.number().int().min(1).max(3600).default(60),
  // As often as the original operator asked; a readiness probe of the proxy tells at once.
  SEINODE_SIDECAR_PROBE_SECONDS: z.coerce.number().int().min(1).max(3600).default(30),
  // Longer than a restart of either server takes, shorter than an operator's patience.
  SEINODE_CONNECT_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(3600).default(30),
  SEINODE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/**
 * Reads the settings of the operator's processes.
 *
 * @throws {UserError} one that lists every bad variable with its value and what is expected
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): OperatorSettings {
  const parsed = environment.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return `  ${name}=${env[name] ?? ''}: ${issue.message}`;
    });
    throw new UserError(`bad settings in the environment:\n${problems.join('\n')}`);
  }
  const values = parsed.data;
  return {
    clusterName: values.SEINODE_CLUSTER_NAME,
    watchNamespace: values.SEINODE_NAMESPACE,
    taskQueue: values.SEINODE_TASK_QUEUE,
    sidecarUrl: values.SEINODE_SIDECAR_URL,
    sidecarTokenFile: values.SEINODE_SIDECAR_TOKEN_FILE,
    rollOnPlatformSidecarImage: values.SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE === 'true',
    resyncSeconds: values.SEINODE_RESYNC_SECONDS,
    sidecarProbeSeconds: values.SEINODE_SIDECAR_PROBE_SECONDS,
    connectTimeoutSeconds: values.SEINODE_CONNECT_TIMEOUT_SECONDS,
    logLevel: values.SEINODE_LOG_LEVEL,
  };
}

/** Manifests often set a variable to nothing; that means "not set". */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}
