import { textOf, valueAt } from '../domain/node/raw-object.ts';
import { stepOf } from '../domain/run/activities.ts';

/** An activity's work, in a few words that have no end of values. */
export interface ActivityWork {
  /** The step's name where it is one; else the activity's own in the same spelling. */
  readonly step: string;
  /** The image that is aimed at, as far as the activity is told. */
  readonly image: string | undefined;
}

/** @param args what the workflow has called the activity with */
export function workOfActivity(activityType: string, args: readonly unknown[]): ActivityWork {
  const [input] = args;
  return {
    step: stepOf(activityType, input) ?? kebabCase(activityType),
    image: textOf(valueAt(input, 'target', 'image')) || undefined,
  };
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
