import { describe, expect, it } from 'vitest';

import type { Json } from '../../../domain/owned/rendered-drift.ts';
import { driftingFields } from '../../../domain/owned/rendered-drift.ts';

const rendered = {
  metadata: { labels: { 'sei.io/node': 'n0' } },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: 'seid', image: 'sei:v1', resources: { requests: { cpu: '1000m' } } },
          { name: 'exporter', image: 'exporter:v1', args: ['--a', '--b'] },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
} satisfies Json;

/** The object as the API server has it: with defaults, statuses, and the marks of others. */
const live = {
  metadata: { labels: { 'sei.io/node': 'n0', theirs: 'x' }, uid: 'u' },
  spec: {
    replicas: 1,
    revisionHistoryLimit: 10,
    template: {
      spec: {
        restartPolicy: 'Always',
        containers: [
          { name: 'injected', image: 'mesh:v1' },
          { name: 'exporter', image: 'exporter:v1', args: ['--a', '--b'] },
          {
            name: 'seid',
            image: 'sei:v1',
            resources: { requests: { cpu: '1' } },
            terminationMessagePath: '/dev/termination-log',
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
} satisfies Json;

/** Returns the live object with one field set to another value, or removed. */
function liveWith(path: readonly (string | number)[], value: Json | undefined): Json {
  const copy = structuredClone(live) as Json;
  let parent = copy as Record<string | number, Json>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, Json>;
  const last = path.at(-1) ?? '';
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

const containers = ['spec', 'template', 'spec', 'containers'];

describe('driftingFields of tolerations', () => {
  const ours = { key: 'sei.io/pool', value: 'node', effect: 'NoSchedule' };
  const theirs = { key: 'example.org/role', operator: 'Exists' };

  it.each([
    ['as rendered', [ours]],
    ['with one that a policy has added', [ours, theirs]],
    ['with one that a policy has put in front', [theirs, { ...ours, operator: 'Equal' }]],
  ])('are none %s', (_, tolerations) => {
    expect(driftingFields({ tolerations: [ours] }, { tolerations })).toEqual([]);
  });

  it.each([
    ['is missing', [theirs]],
    ['was changed', [{ ...ours, value: 'other' }]],
  ])('are seen where ours %s', (_, tolerations) => {
    expect(driftingFields({ tolerations: [ours] }, { tolerations })).toEqual(['tolerations']);
  });
});

describe('driftingFields', () => {
  it('is empty for an object that only has more than what was rendered', () => {
    expect(driftingFields(rendered, live)).toEqual([]);
  });

  it.each<[string, readonly (string | number)[], Json | undefined, string]>([
    ['a value that was changed', ['spec', 'replicas'], 0, 'spec.replicas'],
    ['a value that is missing', ['spec', 'replicas'], undefined, 'spec.replicas'],
    ['a label', ['metadata', 'labels', 'sei.io/node'], 'x', 'metadata.labels.sei.io/node'],
    [
      "a container's image",
      [...containers, 2, 'image'],
      'sei:v2',
      'spec.template.spec.containers.seid.image',
    ],
    [
      'an amount',
      [...containers, 2, 'resources', 'requests', 'cpu'],
      '2',
      'spec.template.spec.containers.seid.resources.requests.cpu',
    ],
    [
      'an argument',
      [...containers, 1, 'args', 0],
      '--c',
      'spec.template.spec.containers.exporter.args.0',
    ],
    [
      'an argument more',
      [...containers, 1, 'args'],
      ['--a', '--b', '--c'],
      'spec.template.spec.containers.exporter.args',
    ],
    [
      'an empty object that is gone',
      ['spec', 'template', 'spec', 'volumes', 0, 'emptyDir'],
      undefined,
      'spec.template.spec.volumes.tmp.emptyDir',
    ],
  ])('names %s', (_, path, value, field) => {
    expect(driftingFields(rendered, liveWith(path, value))).toEqual([field]);
  });

  it('names every field of a container that is gone', () => {
    expect(driftingFields(rendered, liveWith(containers, []))).toEqual(
      expect.arrayContaining([
        'spec.template.spec.containers.seid.image',
        'spec.template.spec.containers.exporter.image',
      ]),
    );
  });

  it('finds everything drifted where nothing is', () => {
    expect(driftingFields({ a: 1, b: { c: 2 } }, undefined)).toEqual(['a', 'b.c']);
  });

  it('takes what says nothing for what is absent, as the API server does', () => {
    expect(driftingFields({ paused: false, name: '' }, {})).toEqual([]);
    expect(driftingFields({ paused: true }, {})).toEqual(['paused']);
  });

  it('compares a rendered object with itself', () => {
    expect(driftingFields(rendered, rendered)).toEqual([]);
  });
});
