import { collectDefaultMetrics, Registry } from 'prom-client';

import type { Component } from '../process/component.ts';

/**
 * A registry whose series all say which of the processes they are of.
 *
 * @param isServed whether anybody can read it: only then Node's own metrics are kept, which costs a
 *   little all the time.
 */
export function createProcessRegistry(component: Component, isServed: boolean): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
  if (isServed) collectDefaultMetrics({ register: registry });
  return registry;
}
