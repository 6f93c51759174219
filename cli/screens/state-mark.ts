import type { NodeState } from '../../domain/status/node-health.ts';
import type { Paint, Palette } from './palette.ts';

/** Returns the colour of a state: red needs a person, yellow is on its way or somebody's wish. */
export function paintOf(state: NodeState, palette: Palette): Paint {
  switch (state) {
    case 'failed':
    case 'stalled':
    case 'unready':
      return palette.bad;
    case 'held':
    case 'terminating':
    case 'scaling-down':
    case 'updating':
    case 'starting':
    case 'rolled-back':
    case 'paused':
      return palette.warn;
    case 'running':
      return palette.good;
  }
}
