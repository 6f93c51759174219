import { describe, expect, it } from 'vitest';

import type { WorkKind } from '../../domain/work/due-work.ts';
import { adversary, random } from '../support/workflow/adversary.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

const SEEDS = Number(process.env['ADVERSARY_SEEDS'] ?? 40);
const KINDS: readonly WorkKind[] = ['nodeInit', 'nodeUpdate', 'nodeSync', 'nodeDelete'];

/**
 * A day has 144 longest pauses, and some ten rounds before they are reached; after each there is one
 * round, whose steps are some fifteen activities: mark-ready alone may fail five times.
 */
const ACTIVITIES_OF_A_DAY = 2_400;
/** A sidecar's task has a budget of its own, and comes again after 30 seconds until that is used up. */
const TASKS_OF_A_DAY = 2_880 + 200;
/** An activity is three events and the workflow task after it three more; as many are for timers and signals. */
const EVENTS_OF_A_DAY = 12 * (ACTIVITIES_OF_A_DAY + TASKS_OF_A_DAY);

describe('a run among activities that answer anything', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))('stays slow: seed %i', async (seed) => {
    const { activities, turnHonest } = adversary(seed);
    await using simulation = await simulate({ activities, activityLimit: 40_000 });
    const kind = KINDS[Math.floor(random(seed + 0.5)() * KINDS.length)] ?? 'nodeSync';
    let runs = 0;
    // As a watcher does it that holds the work due, whatever the worker finds.
    const resync = (): void => {
      if (!simulation.isOpen) runs += 1;
      simulation.observe(kind, { cause: 'resync', why: 'it says so', runs: Math.max(0, runs - 1) });
    };
    simulation.observe(kind, { why: 'it says so' });
    runs = 1;
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      await simulation.advance('5 minutes');
      resync();
    }
    const begun = simulation.activitiesStarted.filter(({ attempt }) => attempt === 1);
    const tasks = begun.filter(({ name }) => name === 'runSidecarTask').length;
    expect(tasks).toBeLessThan(TASKS_OF_A_DAY);
    // Each task that fails is one stall.
    expect(begun.length - 2 * tasks).toBeLessThan(ACTIVITIES_OF_A_DAY);
    expect(simulation.events).toBeLessThan(EVENTS_OF_A_DAY);

    turnHonest();
    await simulation.advance('21 minutes');
    if (simulation.isOpen) {
      const { step } = await simulation.progress();
      // What waits for a person has a person come.
      if (step === 'held') simulation.signal('resume', {});
      if (step === 'failed') simulation.signal('retry', {});
      await simulation.runToEnd('21 minutes');
    }
  });
});
