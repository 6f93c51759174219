import { describe, expect } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** Less than the resync of a minute, so that the watch event causes the correction. */
const SECONDS_MS = 45_000;

const NODE = 'n0';
const STATEFUL_SET = `statefulset/${NODE}`;
const SERVICE = `service/${NODE}`;
const CONFIG_MAP = `configmap/${NODE}-rbac-proxy-config`;
const OBJECTS = [STATEFUL_SET, SERVICE, CONFIG_MAP];

/** An edit with kubectl of something that we own. */
interface Edit {
  readonly what: string;
  readonly object: string;
  readonly args: readonly string[];
}

const EDITS: readonly Edit[] = [
  ...OBJECTS.flatMap((object) => [
    {
      what: 'a changed label',
      object,
      args: ['label', object, 'sei.io/chain=another', '--overwrite'],
    },
    { what: 'a missing label of the node', object, args: ['label', object, 'sei.io/node-'] },
    {
      what: 'a missing owner',
      object,
      args: patch(object, [{ op: 'remove', path: '/metadata/ownerReferences' }]),
    },
  ]),
  {
    what: 'more replicas',
    object: STATEFUL_SET,
    args: ['scale', STATEFUL_SET, '--replicas=2'],
  },
  {
    what: 'another first ordinal',
    object: STATEFUL_SET,
    args: ['patch', STATEFUL_SET, '--type=merge', '-p', '{"spec":{"ordinals":{"start":1}}}'],
  },
  { what: 'no replicas', object: STATEFUL_SET, args: ['scale', STATEFUL_SET, '--replicas=0'] },
  {
    what: 'another update strategy',
    object: STATEFUL_SET,
    args: patch(STATEFUL_SET, [
      { op: 'replace', path: '/spec/updateStrategy', value: { type: 'RollingUpdate' } },
    ]),
  },
  {
    what: 'another image in the template',
    object: STATEFUL_SET,
    args: ['set', 'image', STATEFUL_SET, `seid=${V2}`],
  },
  {
    what: 'a missing container in the template',
    object: STATEFUL_SET,
    args: patch(STATEFUL_SET, [{ op: 'remove', path: '/spec/template/spec/containers/1' }]),
  },
  {
    what: 'other ports',
    object: SERVICE,
    args: patch(SERVICE, [{ op: 'replace', path: '/spec/ports/0/port', value: 1234 }]),
  },
  {
    what: 'another selector',
    object: SERVICE,
    args: patch(SERVICE, [{ op: 'replace', path: '/spec/selector', value: { app: 'another' } }]),
  },
  {
    what: 'one more selector',
    object: SERVICE,
    args: ['patch', SERVICE, '--type=merge', '-p', '{"spec":{"selector":{"app":"another"}}}'],
  },
  { what: 'its deletion', object: SERVICE, args: ['delete', SERVICE] },
  {
    what: 'other data',
    object: CONFIG_MAP,
    args: ['patch', CONFIG_MAP, '--type=merge', '-p', '{"data":{"config.yaml":"another"}}'],
  },
  { what: 'its deletion', object: CONFIG_MAP, args: ['delete', CONFIG_MAP] },
];

/** Edits of fields that are not ours. */
const KEPT_EDITS: readonly Edit[] = OBJECTS.flatMap((object) => [
  { what: 'a label of their own', object, args: ['label', object, 'team=infra'] },
  { what: 'an annotation of their own', object, args: ['annotate', object, 'note=theirs'] },
]);

const it = testbedTest('edits', ['worker', 'watcher']).extend(
  'node',
  { scope: 'file' },
  async ({ bed }) => {
    await bed.nodes.createRunning(NODE, V1);
    await bed.runs.closed(bed.key(NODE));
    return bed.nodes.get(NODE);
  },
);

describe('an edit of what is rendered', () => {
  it.for(EDITS)(
    '$what of $object is put back in seconds',
    async ({ object, args }, { bed, node }) => {
      expect(node).toBeDefined();
      const before = await contentOf(bed, object);
      expect(before).toBeDefined();
      expect(await bed.kubectl(args)).not.toMatch(/no change|not labeled/);
      await eventually(
        `${object} is as it was`,
        async () => (await contentOf(bed, object)) === before,
        SECONDS_MS,
      );
      // A pod that was scaled away must not come back from the template of the next edit.
      await eventually('its pod is there', async () => {
        const { metadata } = await bed.core.readNamespacedPod(bed.key(podNameOf(NODE)));
        return metadata?.deletionTimestamp === undefined;
      });
      await bed.runs.closed(bed.key(NODE));
    },
  );

  it('has left the node at rest, with nothing rolled', async ({ bed, node }) => {
    expect(node).toBeDefined();
    const { status } = await bed.nodes.untilSettledOn(NODE, V1);
    await bed.runs.closed(bed.key(NODE));
    expect(status?.history).toBeUndefined();
    await eventually(
      'the sidecar is ready',
      async () => (await bed.sidecars.state(bed.key(NODE))).sidecar?.ready === true,
    );
    // It may have been scaled away for a moment.
    expect(bed.pods.uids(NODE).length).toBeLessThanOrEqual(2);
  });
});

describe('an edit of what is not rendered', () => {
  it.for(KEPT_EDITS)('$what of $object stays', async ({ object, args }, { bed, node }) => {
    expect(node).toBeDefined();
    await bed.kubectl(args);
    // When an edit of ours has been corrected, this one has had its chance too.
    const edited = await contentOf(bed, object);
    await bed.kubectl(['label', object, 'sei.io/chain=another', '--overwrite']);
    await eventually(
      `${object} is as it was`,
      async () => (await contentOf(bed, object)) === edited,
      SECONDS_MS,
    );
  });
});

describe('a change of the spec that needs no roll', () => {
  it('reaches all objects, and the pod when it is replaced', async ({ bed }) => {
    await bed.nodes.createRunning('labelled', V1);
    await bed.nodes.patchSpec('labelled', { podLabels: { team: 'infra' } });
    await untilPodCurrent(bed, 'labelled', 'False/TemplateChanged');
    for (const object of ['statefulset', 'service']) {
      expect(await labelOf(bed, `${object}/labelled`)).toBe('infra');
    }
    expect(await labelOf(bed, 'configmap/labelled-rbac-proxy-config')).toBe('infra');
    expect(await bed.kubectl(['get', 'snode', 'labelled', '-o', 'wide'])).toMatch(/POD ?CURRENT/);
    expect(bed.pods.uids('labelled')).toHaveLength(1);

    await bed.nodes.setImage('labelled', V2);
    await bed.nodes.untilSettledOn('labelled', V2);
    await untilPodCurrent(bed, 'labelled', 'True/NewestTemplate');
    expect(bed.pods.versions(podNameOf('labelled')).at(-1)?.labels).toMatchObject({
      team: 'infra',
    });

    await bed.nodes.patchSpec('labelled', { podLabels: null });
    await untilPodCurrent(bed, 'labelled', 'False/TemplateChanged');
    expect(await labelOf(bed, 'statefulset/labelled')).toBe('');
    await eventually('the Service has lost it', async () => {
      return (await labelOf(bed, 'service/labelled')) === '';
    });
    expect(bed.pods.uids('labelled')).toHaveLength(2);
  });

  it('is undone by its withdrawal', async ({ bed }) => {
    await bed.nodes.createRunning('withdrawn', V1);
    const resources = { requests: { cpu: '300m' } };
    await bed.nodes.patchSpec('withdrawn', { sidecar: { resources } });
    await untilPodCurrent(bed, 'withdrawn', 'False/TemplateChanged');
    await bed.nodes.patchSpec('withdrawn', { sidecar: null });
    const { status } = await untilPodCurrent(bed, 'withdrawn', 'True/NewestTemplate');
    await bed.runs.closed(bed.key('withdrawn'));
    expect(status?.history).toBeUndefined();
    expect(bed.pods.uids('withdrawn')).toHaveLength(1);
  });
});

describe('a change of the sidecar image', () => {
  it('rolls once, together with that of the image', async ({ bed }) => {
    await bed.nodes.createRunning('both', V1);
    const sidecar = { image: 'ghcr.io/sei-protocol/seictl:v9' };
    await bed.nodes.patchSpec('both', { image: V2, sidecar });
    const { status } = await bed.nodes.untilSettledOn('both', V2);
    await bed.runs.closed(bed.key('both'));
    expect(status?.currentSidecarImage).toBe(sidecar.image);
    expect(bed.pods.uids('both')).toHaveLength(2);
    expect(status?.history).toHaveLength(1);
  });

  it('rolls on its own', async ({ bed }) => {
    await bed.nodes.createRunning('sidecar', V1);
    const sidecar = { image: 'ghcr.io/sei-protocol/seictl:v9' };
    await bed.nodes.patchSpec('sidecar', { sidecar });
    await bed.nodes.until(
      'sidecar',
      'it runs the new sidecar',
      ({ status }) =>
        status?.currentSidecarImage === sidecar.image && status.plan?.phase === 'Complete',
    );
    await bed.runs.closed(bed.key('sidecar'));
    expect(bed.pods.uids('sidecar')).toHaveLength(2);
  });
});

function patch(object: string, operations: readonly object[]): readonly string[] {
  return ['patch', object, '--type=json', '-p', JSON.stringify(operations)];
}

/** Returns the content that could be edited; undefined while the object is not there. */
async function contentOf(bed: Testbed, object: string): Promise<string | undefined> {
  const json = await bed.kubectl(['get', object, '-o', 'json', '--ignore-not-found']);
  if (json === '') return undefined;
  const { metadata, spec, data } = JSON.parse(json) as {
    metadata: Readonly<Record<string, unknown>>;
    spec?: unknown;
    data?: unknown;
  };
  const { labels, annotations, ownerReferences } = metadata;
  return JSON.stringify({ labels, annotations, ownerReferences, spec, data });
}

function labelOf(bed: Testbed, object: string): Promise<string> {
  return bed.kubectl(['get', object, '-o', 'jsonpath={.metadata.labels.team}']);
}

function untilPodCurrent(bed: Testbed, node: string, wanted: string): Promise<SeiNode> {
  return bed.nodes.until(
    node,
    `PodCurrent is ${wanted}`,
    (version) => conditionOf(version, 'PodCurrent') === wanted,
  );
}

describe('an object of another application that has the name of one of the node’s', () => {
  it.for([
    [
      'a Service with an address',
      'shop',
      ['create', 'service', 'clusterip', 'shop', '--tcp=80:80'],
    ],
    [
      'a headless Service',
      'db',
      ['create', 'service', 'clusterip', 'db', '--clusterip=None', '--tcp=5432:5432'],
    ],
    [
      'a ConfigMap',
      'config',
      ['create', 'configmap', 'config-rbac-proxy-config', '--from-literal=key=theirs'],
    ],
  ] as const)('is left as it is, and the node says so: %s', async ([, name, args], { bed }) => {
    await bed.kubectl([...args]);
    const object = args[1] === 'service' ? `service/${name}` : `configmap/${args[2]}`;
    const seen = () => bed.kubectl(['get', object, '-o', 'json']);
    const before = await seen();
    await bed.nodes.create(name, { image: V1 });
    const { status } = await bed.nodes.until(
      name,
      'it says that the object is not its own',
      (node) => node.status?.plan?.lastFailure?.reason === 'ForeignOwner',
    );
    expect(status?.plan?.lastFailure?.message).toContain('exists and is not of this SeiNode');
    expect(await seen()).toBe(before);
    // The node's work goes on once the object is gone.
    await bed.kubectl(['delete', object]);
    await bed.kubectl([
      'patch',
      'snode',
      name,
      '--type=merge',
      '-p',
      '{"spec":{"podLabels":{"a":"b"}}}',
    ]);
    await bed.nodes.untilSettledOn(name, V1);
  });
});
