import type { KindNames } from '../../../domain/run/kind-names.ts';

/** Toys as a kind of object with runs: the row that a second kind adds. */
export const TOY_NAMES = {
  id: 'toy',
  workflows: { toyMake: true },
  activities: {
    makeToy: { kind: 'step', name: 'make-toy', bounds: 'quick' },
    failToy: { kind: 'bookkeeping', name: 'record failure', bounds: 'quick' },
    recordToyStall: { kind: 'bookkeeping', name: 'record stall', bounds: 'quick' },
    steerToy: { kind: 'bookkeeping', name: 'steer', bounds: 'quick' },
    decideToy: { kind: 'bookkeeping', name: 'decide', bounds: 'quick' },
    readToy: { kind: 'bookkeeping', name: 'decide', bounds: 'quick' },
  },
} as const satisfies KindNames;
