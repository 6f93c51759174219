import type { KindNames } from '../../../domain/run/kind-names.ts';

/** Toys as a kind of object with runs: the row that a second kind adds. */
export const TOY_NAMES = {
  id: 'toy',
  workflows: { toyMake: true },
  activities: {
    makeToy: { kind: 'step', name: 'make-toy', bounds: 'quick' },
    failToy: { kind: 'bookkeeping', name: 'record failure', bounds: 'quick' },
    recordStall: { kind: 'bookkeeping', name: 'record stall', bounds: 'quick' },
    steer: { kind: 'bookkeeping', name: 'steer', bounds: 'quick' },
    decideDueWork: { kind: 'bookkeeping', name: 'decide', bounds: 'quick' },
    readTarget: { kind: 'bookkeeping', name: 'decide', bounds: 'quick' },
  },
} as const satisfies KindNames;
