import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';

const run = promisify(execFile);

/** The commands that documents may name; the longest that fits is taken. */
const COMMANDS = {
  kubectl: [
    ['annotate'],
    ['apply'],
    ['config', 'view'],
    ['create', 'clusterrolebinding'],
    ['create', 'configmap'],
    ['create', 'namespace'],
    ['create', 'secret', 'generic'],
    ['create', 'secret', 'tls'],
    ['create', 'serviceaccount'],
    ['delete'],
    ['describe'],
    ['diff'],
    ['explain'],
    ['get'],
    ['kustomize'],
    ['label'],
    ['logs'],
    ['patch'],
    ['port-forward'],
    ['rollout', 'restart'],
    ['rollout', 'status'],
    ['scale'],
    ['wait'],
  ],
  temporal: [
    ['worker', 'deployment', 'set-current-version'],
    ['workflow', 'cancel'],
    ['workflow', 'list'],
    ['workflow', 'signal-with-start'],
    ['workflow', 'signal'],
    ['workflow', 'terminate'],
    ['workflow', 'update', 'execute'],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly string[])[]>>;

/** What the programs that tests run on say of their own flags. */
export interface Helps {
  /** @throws {Error} for a command that is not in the list above */
  of(program: keyof typeof COMMANDS, args: readonly string[]): Promise<string>;
}

/** Installs the programs where they are not there yet. */
export async function programHelps(): Promise<Helps> {
  const binaries = await ensureBinaries();
  const asked = new Map<string, Promise<string>>();
  const ask = (program: keyof typeof COMMANDS, words: readonly string[]): Promise<string> => {
    const key = [program, ...words].join(' ');
    const answer =
      asked.get(key) ?? run(binaries[program], [...words]).then(({ stdout }) => stdout);
    asked.set(key, answer);
    return answer;
  };
  return {
    of: async (program, args) => {
      const named = withoutNamespace(args);
      const command = COMMANDS[program].find((words) =>
        words.every((word, index) => named[index] === word),
      );
      if (command === undefined) {
        throw new Error(
          `"${program} ${named.slice(0, 3).join(' ')}" is not in test/docs/program-helps.ts`,
        );
      }
      const own = ask(program, [...command, '--help']);
      return program === 'kubectl' ? `${await own}\n${await ask(program, ['options'])}` : own;
    },
  };
}

/** The one flag that people write in front of the command. */
function withoutNamespace(args: readonly string[]): readonly string[] {
  return args[0] === '-n' ? args.slice(2) : args;
}
