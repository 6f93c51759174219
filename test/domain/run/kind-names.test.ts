import { expect, it } from 'vitest';

import { KINDS } from '../../../domain/run/kind-names.ts';
import { TOY_NAMES } from '../../workflows/second-kind/toy-names.ts';

it('gives each activity of each kind a name of its own: one worker has them all', () => {
  const names = [...KINDS, TOY_NAMES].flatMap(({ activities }) => Object.keys(activities));
  expect(names).toHaveLength(new Set(names).size);
});
