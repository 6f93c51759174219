import type { CliEnd, CliProcess } from '../cli/cli-process.ts';
import { runCliProcess, startCli } from '../cli/cli-process.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** Returns the environment of a user of the testbed's installation. */
export function userEnvironment(bed: Testbed): Readonly<Record<string, string>> {
  return {
    ...bed.env,
    KUBECONFIG: bed.cluster.kubeconfigPath,
    SEINODE_TEMPORAL_UI: bed.cluster.temporalUiUrl,
    SEINODE_LEASE_NAMESPACE: bed.namespace,
  };
}

/** Runs a command about the testbed's namespace to its end. */
export function cli(bed: Testbed, ...words: readonly string[]): Promise<CliEnd> {
  return runCliProcess([...words, '-n', bed.namespace], userEnvironment(bed));
}

/** Starts a command that goes on. */
export function startCliIn(bed: Testbed, ...words: readonly string[]): CliProcess {
  return startCli([...words, '-n', bed.namespace], userEnvironment(bed));
}
