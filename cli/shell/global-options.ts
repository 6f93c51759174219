import type { Command } from 'commander';
import { Option } from 'commander';

const OUTPUTS = ['text', 'wide', 'json', 'yaml'] as const;
export type Output = (typeof OUTPUTS)[number];

/** The options that every command takes. */
export interface GlobalOptions {
  readonly output: Output;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly debug?: boolean;
  readonly temporalAddress?: string;
  readonly temporalNamespace?: string;
  readonly temporalProfile?: string;
  readonly temporalUi?: string;
  readonly taskQueue?: string;
  readonly clusterName?: string;
}

/** The environment variables that options replace; the operator's processes read the same ones. */
const VARIABLES = {
  temporalAddress: 'TEMPORAL_ADDRESS',
  temporalNamespace: 'TEMPORAL_NAMESPACE',
  temporalProfile: 'TEMPORAL_PROFILE',
  temporalUi: 'SEINODE_TEMPORAL_UI',
  taskQueue: 'SEINODE_TASK_QUEUE',
  clusterName: 'SEINODE_CLUSTER_NAME',
} as const satisfies Partial<Record<keyof GlobalOptions, string>>;

export function addGlobalOptions(program: Command): void {
  const standsFor = (flags: string, what: string, variable: string) =>
    program.addOption(new Option(flags, `${what} (default: $${variable})`));
  program
    .addOption(
      new Option('-o, --output <format>', 'output format').choices([...OUTPUTS]).default('text'),
    )
    .option('-n, --namespace <namespace>', "Kubernetes namespace (default: the context's)")
    .option('-A, --all-namespaces', 'all Kubernetes namespaces (list and doctor)')
    .option('--context <name>', 'context in the kubeconfig (default: the current one)')
    .option(
      '--kubeconfig <file>',
      'kubeconfig file (default: $KUBECONFIG, in-cluster, ~/.kube/config)',
    );
  standsFor(
    '--temporal-address <host:port>',
    'address of the Temporal frontend',
    VARIABLES.temporalAddress,
  );
  standsFor('--temporal-namespace <name>', 'Temporal namespace', VARIABLES.temporalNamespace);
  standsFor('--temporal-profile <name>', 'profile in temporal.toml', VARIABLES.temporalProfile);
  standsFor(
    '--temporal-ui <url>',
    'address of the Temporal Web UI, for links',
    VARIABLES.temporalUi,
  );
  standsFor('--task-queue <name>', "the operator's task queue", VARIABLES.taskQueue);
  standsFor('--cluster-name <name>', 'name of the cluster in workflow ids', VARIABLES.clusterName);
  program.option('--debug', 'show stack traces');
}

/** Returns the environment, with options in place of their variables. */
export function environmentOf(
  options: GlobalOptions,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const said = (Object.keys(VARIABLES) as (keyof typeof VARIABLES)[]).flatMap((option) => {
    const value = options[option];
    return value === undefined ? [] : [[VARIABLES[option], value] as const];
  });
  return { ...env, ...Object.fromEntries(said) };
}
