import { STEP_OF_ACTIVITY } from '../workflows/steps.ts';

/** What an activity does, in a few words that have no end of values. */
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
    step:
      textAt(input, 'task', 'type') ??
      (activityType in STEP_OF_ACTIVITY
        ? STEP_OF_ACTIVITY[activityType as keyof typeof STEP_OF_ACTIVITY]
        : kebabCase(activityType)),
    image: textAt(input, 'target', 'image'),
  };
}

function textAt(value: unknown, outer: string, inner: string): string | undefined {
  const found = memberOf(memberOf(value, outer), inner);
  return typeof found === 'string' ? found : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
