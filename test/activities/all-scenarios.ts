import { deleteScenarios } from './delete-scenarios.ts';
import { identityScenarios } from './identity-scenarios.ts';
import { mountScenarios } from './mount-scenarios.ts';
import { restoreScenarios } from './restore-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { steerScenarios } from './steer-scenarios.ts';
import { syncScenarios } from './sync-scenarios.ts';

/** Each activity where it has something to do. */
export const ALL_SCENARIOS: readonly Scenario[] = [
  ...scenarios,
  ...identityScenarios,
  ...mountScenarios,
  ...syncScenarios,
  ...deleteScenarios,
  ...restoreScenarios,
  ...steerScenarios,
];
