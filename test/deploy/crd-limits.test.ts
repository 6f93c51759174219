import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import type { FailureType } from '../../domain/failure/failure-type.ts';
import { withCondition } from '../../domain/node/condition.ts';
import { withoutTexts } from '../../domain/node/without-texts.ts';
import { failedPlan } from '../../domain/plan/plan.ts';
import { commandOf } from '../../domain/plan/steering.ts';
import { trueCondition, fullStatus } from '../e2e/full-status.ts';
import { originalManifests, originalStatus } from '../e2e/original-manifests.ts';
import type { LimitedSchema } from './unlimited-fields.ts';
import { oversized, unlimitedFields } from './unlimited-fields.ts';

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: Schemas }[] };
}
interface Schemas {
  readonly openAPIV3Schema: LimitedSchema;
}

const crd = parse(
  readFileSync(new URL('../../deploy/crd/sei.io_seinodes.yaml', import.meta.url), 'utf8'),
) as Crd;
const [root = {}] = crd.spec.versions.map(({ schema }) => schema.openAPIV3Schema);

/** Longer than the API server takes for any text. */
const HUGE = 'x'.repeat(100_000);

describe('the CRD', () => {
  it('limits every list, map and string, of status too', () => {
    expect(unlimitedFields(root)).toEqual([
      // The API server's own: it takes one value only.
      '.apiVersion: maxLength',
      '.kind: maxLength',
      // What the sidecar is given, made from a limited spec and a limited number of peers.
      '.status.plan.tasks[].params: anything',
    ]);
  });

  it.each(originalManifests)('has room for what a $name of the original asks', ({ spec }) => {
    expect(oversized({ spec }, root)).toEqual([]);
  });

  it('has room for the status that the original wrote, and for ours', () => {
    expect(oversized({ status: originalStatus }, root)).toEqual([]);
    expect(oversized({ status: fullStatus }, root)).toEqual([]);
  });

  it('has room for the longest texts of others that are written to a status', () => {
    const { reason, actor } = commandOf('pause', { reason: HUGE, actor: HUGE });
    // Whoever writes to Temporal can give a failure any type.
    const type = HUGE as FailureType;
    const failure = { step: 'replace-pod', reason: type, message: HUGE, error: HUGE, at: '' };
    const plan = { phase: 'Active', tasks: [{ type: 'replace-pod', status: 'Pending' }] } as const;
    const stalled = { type: 'Stalled', status: 'True', reason: HUGE, message: HUGE } as const;
    const status = {
      conditions: withCondition(undefined, stalled, 1, ''),
      plan: failedPlan(plan, failure),
      hold: { reason, actor, since: '' },
      history: [{ ...fullStatus.history[0], reason, actor }],
    };
    expect(oversized({ status }, root)).toEqual([]);
  });
});

describe('a status that the API server refused', () => {
  it('is within the limits without the texts of others, as long as they may have been', () => {
    const failure = { step: 'replace-pod', reason: HUGE, message: HUGE, at: '' };
    const refused = {
      conditions: [{ ...trueCondition('Stalled', HUGE), type: 'Stalled', message: HUGE } as const],
      plan: {
        phase: 'Failed',
        tasks: [{ type: 'replace-pod', status: 'Failed', error: HUGE }],
        lastFailure: failure,
      },
      history: [{ ...fullStatus.history[0], reason: HUGE }] as typeof fullStatus.history,
    } as const;
    expect(oversized({ status: refused }, root)).toHaveLength(6);
    expect(oversized({ status: withoutTexts(refused) }, root)).toEqual([]);
  });
});

describe('unlimitedFields', () => {
  const text = { type: 'string', maxLength: 9 };
  const names = [{ rule: 'self.all(name, size(name) <= 9)' }];

  it.each<[string, LimitedSchema, readonly string[]]>([
    ['a string', { type: 'string' }, [': maxLength']],
    ['a string of some words', { type: 'string', enum: ['a'] }, []],
    ['a time', { type: 'string', format: 'date-time' }, []],
    ['a quantity', { 'x-kubernetes-int-or-string': true }, [': maxLength']],
    ['a number', { type: 'integer' }, []],
    ['a list', { items: text }, [': maxItems']],
    ['a list of strings', { items: { type: 'string' }, maxItems: 9 }, ['[]: maxLength']],
    ['a map', { additionalProperties: text }, [': maxProperties', ': a rule on its names']],
    [
      'a map of strings',
      {
        additionalProperties: { type: 'string' },
        maxProperties: 9,
        'x-kubernetes-validations': names,
      },
      ['.*: maxLength'],
    ],
    ['a field of a field', { properties: { a: { properties: { b: {} } } } }, []],
    ['anything', { 'x-kubernetes-preserve-unknown-fields': true }, [': anything']],
  ])('looks at %s', (_what, schema, expected) => {
    expect(unlimitedFields(schema)).toEqual(expected);
  });
});
