import { textOf, valueAt } from '../domain/node/raw-object.ts';
import { stepOf } from '../domain/run/activities.ts';
import { activityRow } from '../domain/run/kind-names.ts';

/** An activity's work, in labels with few values. */
export interface ActivityWork {
  /** The name of its step if it is one; else the activity's own name in the same spelling. */
  readonly step: string;
  /** The image of the target, if the activity's input has it. */
  readonly image: string | undefined;
}

/** @param args the arguments with which the workflow called the activity */
export function workOfActivity(activityType: string, args: readonly unknown[]): ActivityWork {
  const [input] = args;
  const row = activityRow(activityType);
  return {
    step: (row && stepOf(row, input)) ?? kebabCase(activityType),
    image: textOf(valueAt(input, 'target', 'image')) || undefined,
  };
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
