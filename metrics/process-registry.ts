import { collectDefaultMetrics, Registry } from 'prom-client';

import type { Component } from '../process/component.ts';

/**
 * Creates a registry whose series all carry the name of their process.
 *
 * @param isServed true when anybody can read it: only then are Node's own metrics collected, which has a small constant
 *   cost
 */
export function createProcessRegistry(component: Component, isServed: boolean): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
  if (isServed) collectDefaultMetrics({ register: registry });
  return registry;
}
