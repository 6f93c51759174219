import type { Step } from '../domain/node/step.ts';

/** The sidecar failed the same task as often as its budget allows. */
export class SidecarTaskFailure extends Error {
  readonly step: Step;
  /** In the sidecar's own words. */
  readonly lastError: string;

  constructor(step: Step, attempts: number, lastError: string) {
    super(
      attempts === 1
        ? `the sidecar failed the task: ${lastError}`
        : `the sidecar failed the task ${attempts} times; last: ${lastError}`,
    );
    this.name = 'SidecarTaskFailure';
    this.step = step;
    this.lastError = lastError;
  }
}
