import type { Binaries } from '../binaries/tool.ts';
import { runProgram } from '../run-program.ts';
import type { Devcluster } from './devcluster.ts';
import { instanceEnvironment } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';
import { layoutOf } from './layout.ts';

/** @returns a function that runs kubectl against an instance */
export function kubectlFor(state: InstanceState, binaries: Binaries): Devcluster['kubectl'] {
  const env = { ...instanceEnvironment(state.name), KUBECONFIG: layoutOf(state.name).kubeconfig };
  return (args, options = {}) => runProgram(binaries.kubectl, args, { ...options, env });
}
