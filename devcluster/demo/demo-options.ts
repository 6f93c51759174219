import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Ends after the update instead of staying up for a person to look around. */
  readonly once: boolean;
}

/** @throws when an argument is not known */
export function readDemoOptions(args: readonly string[], isTerminal: boolean): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { once: { type: 'boolean', default: false } },
    strict: true,
  });
  // Where nobody sits at a terminal nobody presses Ctrl-C.
  return { once: values.once || !isTerminal };
}
