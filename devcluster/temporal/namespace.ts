import type { Binaries } from '../binaries/tool.ts';
import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { ProgramError, runProgram } from '../run-program.ts';
import { TEMPORAL_NAMESPACE, temporalAddress } from './address.ts';
import { RETENTION } from './installation.ts';

/** Creates the namespace, if it is not there; the dev server has it from the start. */
export async function createNamespace(state: InstanceState, { temporal }: Binaries): Promise<void> {
  const namespace = (command: string, ...more: readonly string[]): Promise<string> =>
    runProgram(
      temporal,
      ['operator', 'namespace', command, '--namespace', TEMPORAL_NAMESPACE, ...more],
      {
        env: { ...instanceEnvironment(state.name), TEMPORAL_ADDRESS: temporalAddress(state) },
      },
    );
  try {
    await namespace('describe');
  } catch (err) {
    if (!(err instanceof ProgramError)) throw err;
    await namespace('create', '--retention', RETENTION);
  }
}
