import { z } from 'zod';

import type { Environment } from './environment.ts';
import { parseEnvironment } from './environment.ts';
import type { ListenAddress } from './listen-address.ts';
import { LISTEN_ADDRESS, parseListenAddress } from './listen-address.ts';
import { servedNamespaces } from './served-namespaces.ts';

/** The settings that the processes read from their environment, beside Temporal's and the platform's. */
export interface OperatorSettings {
  /** Names this Kubernetes cluster in workflow ids; undefined: derived from the cluster itself. */
  readonly clusterName: string | undefined;
  /** The served Kubernetes namespaces, at least one; undefined: all. */
  readonly servedNamespaces: readonly string[] | undefined;
  /** Undefined: the queue of the cluster, or of the namespace if it serves one. Set if it serves several. */
  readonly taskQueue: string | undefined;
  /** The address of a node's sidecar with placeholders; undefined: the pod's IP at the proxy's port. */
  readonly sidecarUrl: string | undefined;
  /** ServiceAccount whose tokens the sidecars' proxies admit, as `[NAMESPACE/]NAME`. */
  readonly sidecarAccount: string | undefined;
  readonly sidecarTokenFile: string | undefined;
  readonly rollOnPlatformSidecarImage: boolean;
  readonly checksSecrets: boolean;
  readonly checksSuccessor: boolean;
  readonly resyncSeconds: number;
  readonly sidecarProbeSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** The address of /metrics, /livez and /readyz; undefined: nothing serves them. */
  readonly metricsAddress: ListenAddress | undefined;
  /** The longest time from SIGTERM to the end of the process. */
  readonly shutdownGraceSeconds: number;
  /** The base URL of an OTLP/HTTP collector for traces; undefined: no traces. */
  readonly tracesEndpoint: string | undefined;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

const optionalText = z.string().min(1).optional();

/** Descriptions go into docs/configuration.md, which is generated from them. */
const variables = z.object({
  SEINODE_CLUSTER_NAME: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits, - and .')
    .optional()
    .describe(
      'Names the cluster in workflow ids, so it must never change. By default the first characters of the UID of kube-system. Required if the processes may not read that namespace.',
    ),
  SEINODE_NAMESPACE: servedNamespaces
    .optional()
    .describe(
      'The Kubernetes namespaces to serve, at most 50, separated by commas. By default all.',
    ),
  SEINODE_NAMESPACE_REQUIRE: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Requires that `SEINODE_NAMESPACE` names namespaces, so that an empty one does not mean all by mistake; the overlay `separate` sets it.',
    ),
  SEINODE_TASK_QUEUE: optionalText.describe(
    'Task queue in Temporal: one for each installation, and the same for its watchers, workers and command lines. By default `seinode-CLUSTER`, or `seinode-CLUSTER/NAMESPACE` if one namespace is served. Required if `SEINODE_NAMESPACE` names several.',
  ),
  SEINODE_SIDECAR_URL: optionalText.describe(
    "Address of a node's sidecar, with the placeholders `{namespace}` `{name}` `{pod}` `{podIP}` `{port}`. By default `http://{podIP}:8443`, the proxy in front of it.",
  ),
  SEINODE_SIDECAR_ACCOUNT: z
    .string()
    .regex(/^([a-z0-9-]+\/)?[a-z0-9][a-z0-9.-]*$/, 'must be NAME or NAMESPACE/NAME')
    .optional()
    .describe(
      'ServiceAccount that the worker calls sidecars as: `NAME`, in its own namespace, or `NAMESPACE/NAME`. It may use `seinodetasks` and nothing else. For each node the worker gets a token of it that is valid for ten minutes. By default it sends none.',
    ),
  SEINODE_SIDECAR_TOKEN_FILE: optionalText.describe(
    'File with a bearer token, which the worker reads for each call, instead of `SEINODE_SIDECAR_ACCOUNT`: for a gateway in front of the sidecars that needs a token of its own. The proxies of nodes refuse it.',
  ),
  SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Makes a change of `SEI_SIDECAR_IMAGE` roll the nodes whose spec names no sidecar image.',
    ),
  SEINODE_CHECK_SECRETS: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Makes the worker check that the Secrets of a validator exist before it makes or replaces the pod; the component `secret-check` sets it and grants the right.',
    ),
  // For installations that let only the StatefulSet controller create pods: they would always refuse the worker.
  SEINODE_CHECK_SUCCESSOR: z
    .enum(['true', 'false'])
    .default('true')
    .describe(
      'Makes the worker try the next pod in a dry run before it deletes the only one; set `false` if a policy lets only the StatefulSet controller create pods.',
    ),
  // A lost event costs at most this long; each resync of an idle node is free, of a due one a call.
  SEINODE_RESYNC_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe(
      'Seconds after which the watcher looks at every node again: a lost event delays a node by no more.',
    ),
  // As often as the original operator asked; a readiness probe of the proxy reports at once.
  SEINODE_SIDECAR_PROBE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe(
      "Seconds between the watcher's probes of each sidecar's healthz, in addition to its readiness in the pod.",
    ),
  // Longer than a restart of either server takes, shorter than an operator's patience.
  SEINODE_CONNECT_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe(
      'Seconds for which a process tries to reach Kubernetes and Temporal at its start before it gives up.',
    ),
  // Off by default: two processes that a person runs on one machine would want the same port.
  SEINODE_METRICS_ADDRESS: z
    .string()
    .regex(LISTEN_ADDRESS, 'must be HOST:PORT, such as 127.0.0.1:9464 or [::]:9464')
    .transform(parseListenAddress)
    .optional()
    .describe(
      'Address at which to serve `/metrics`, `/livez` and `/readyz`, as HOST:PORT, such as `0.0.0.0:9464` or `[::]:9464`. By default none.',
    ),
  // Five seconds less than Kubernetes waits by default before it kills a pod.
  SEINODE_SHUTDOWN_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(25)
    .describe(
      "Longest time from SIGTERM to the end of the process, in seconds; must be less than the pod's termination grace period.",
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Base URL of a collector that takes traces as OTLP over HTTP, such as `http://collector:4318`. By default there are no traces. If it is set, other `OTEL_*` variables apply too.',
    ),
  SEINODE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least severity of the lines that are logged.'),
});

export const operatorVariables = variables.superRefine((values, context) => {
  const { SEINODE_NAMESPACE: namespaces = [], SEINODE_TASK_QUEUE: taskQueue } = values;
  if (values.SEINODE_NAMESPACE_REQUIRE === 'true' && namespaces.length === 0) {
    context.addIssue({
      code: 'custom',
      path: ['SEINODE_NAMESPACE'],
      message:
        'is required with SEINODE_NAMESPACE_REQUIRE=true, which the overlay separate sets: name the namespaces that are served, separated by commas; to serve all, install deploy/overlays/cluster-wide',
    });
  }
  // A queue derived from the list would change with the list, and the open runs would wait for ever on the earlier one.
  if (namespaces.length < 2 || taskQueue !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['SEINODE_TASK_QUEUE'],
    message: `is required where SEINODE_NAMESPACE names several: set it to seinode-CLUSTER, or, where nodes of one namespace are served already, to the queue that they have, seinode-CLUSTER/NAMESPACE; and keep it when the list changes`,
  });
});

/**
 * Reads the settings of the operator's processes.
 *
 * @throws {UserError} one that lists every bad variable with its value and the expected form
 */
export function readSettings(env: Environment): OperatorSettings {
  const values = parseEnvironment(operatorVariables, env);
  return {
    clusterName: values.SEINODE_CLUSTER_NAME,
    servedNamespaces: values.SEINODE_NAMESPACE,
    taskQueue: values.SEINODE_TASK_QUEUE,
    sidecarUrl: values.SEINODE_SIDECAR_URL,
    sidecarAccount: values.SEINODE_SIDECAR_ACCOUNT,
    sidecarTokenFile: values.SEINODE_SIDECAR_TOKEN_FILE,
    rollOnPlatformSidecarImage: values.SEINODE_ROLL_ON_PLATFORM_SIDECAR_IMAGE === 'true',
    checksSecrets: values.SEINODE_CHECK_SECRETS === 'true',
    checksSuccessor: values.SEINODE_CHECK_SUCCESSOR === 'true',
    resyncSeconds: values.SEINODE_RESYNC_SECONDS,
    sidecarProbeSeconds: values.SEINODE_SIDECAR_PROBE_SECONDS,
    connectTimeoutSeconds: values.SEINODE_CONNECT_TIMEOUT_SECONDS,
    metricsAddress: values.SEINODE_METRICS_ADDRESS,
    shutdownGraceSeconds: values.SEINODE_SHUTDOWN_GRACE_SECONDS,
    tracesEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: values.SEINODE_LOG_LEVEL,
  };
}
