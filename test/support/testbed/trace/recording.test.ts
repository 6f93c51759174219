import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { auditEventsIn } from './audit-event.ts';
import { gapsIn, presentIn } from './completeness.ts';
import {
  beingDeleted,
  changed,
  CONTROLLER,
  KUBECTL,
  KUBELET,
  podOf,
  ScriptedTrace,
  scriptedNode,
  statefulSetOf,
  WORKER,
} from './scripted-trace.ts';

const statefulSet = statefulSetOf(scriptedNode('a'));
const pod = podOf(statefulSet);

describe('a recording', () => {
  it('does not pass over an answer that it does not understand', () => {
    const answer = { kind: 'Table', rows: [] };
    expect(() => new ScriptedTrace().patch(WORKER, statefulSet, { answer })).not.toThrow();
    const trace = new ScriptedTrace().patch(WORKER, statefulSet, { answer });
    expect(() => trace.recording()).toThrow('was answered with a Table');
  });

  it('keeps what an answer of metadata alone does not have', () => {
    const metadata = changed(pod, { ownerReferences: [] });
    const answer = {
      kind: 'PartialObjectMetadata',
      metadata: { ...metadata.metadata, namespace: 'nodes', resourceVersion: '2' },
    };
    const mounts: unknown[] = [];
    new ScriptedTrace()
      .create(CONTROLLER, pod)
      .patch(CONTROLLER, pod, { answer })
      .recording()
      .replay(({ after }) => mounts.push(after?.content.mounts));
    expect(mounts[0]).toHaveLength(1);
    expect(mounts[1]).toEqual(mounts[0]);
  });

  it('counts an object as gone with the update that takes its last finalizer', () => {
    const held = changed(pod, { finalizers: ['held'] });
    const seen: boolean[] = [];
    new ScriptedTrace()
      .create(CONTROLLER, held)
      .delete(KUBECTL, beingDeleted(held))
      .patch(KUBELET, beingDeleted(pod), { resourceVersion: 2 })
      .recording()
      .replay(({ after }) => seen.push(after !== undefined));
    expect(seen).toEqual([true, true, false]);
  });
});

describe('a recording beside what there really is', () => {
  const list = (names: readonly string[], resourceVersion: number) => ({
    metadata: { resourceVersion: String(resourceVersion) },
    items: names.map((name) => ({ metadata: { name, uid: `uid-of-pod-${name}` } })),
  });
  const gaps = (trace: ScriptedTrace, names: readonly string[], version = 100) =>
    gapsIn(trace.recording(), presentIn('Pod', list(names, version)));

  it('has no gap where it has seen all births and ends', () => {
    const trace = new ScriptedTrace().create(CONTROLLER, pod);
    expect(gaps(trace, ['a-0'])).toEqual([]);
    expect(gaps(trace.delete(KUBELET, beingDeleted(pod)), [])).toEqual([]);
  });

  it('has a gap where it has not seen a birth, or an end', () => {
    const trace = new ScriptedTrace().create(CONTROLLER, pod);
    expect(gaps(trace, ['a-0', 'b-0'])).toEqual([
      'Pod b-0 (UID uid-of-pod-b-0) was never seen to be created',
    ]);
    expect(gaps(trace, [])).toEqual(['Pod a-0 (UID uid-of-pod-a-0) was never seen to go']);
  });

  it('may be newer than that', () => {
    const trace = new ScriptedTrace().create(KUBECTL, statefulSet).create(CONTROLLER, pod);
    expect(gaps(trace, [], 1)).toEqual([]);
  });

  it('is not asked for the end of what went as one of many', () => {
    const trace = new ScriptedTrace().create(CONTROLLER, pod).deleteAll(CONTROLLER, [pod]);
    expect(gaps(trace, [])).toEqual([]);
  });
});

describe('an audit log', () => {
  it('that is being written is read up to its last whole line', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seinode-audit-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = path.join(directory, 'audit.log');
    const line = JSON.stringify({
      requestURI: '/',
      verb: 'create',
      objectRef: { resource: 'pods' },
      requestReceivedTimestamp: '1',
      stageTimestamp: '2',
    });
    await writeFile(file, `${line}\n${line}\n${line.slice(0, 40)}`);
    const verbs: string[] = [];
    for await (const { verb } of auditEventsIn(file)) verbs.push(verb);
    expect(verbs).toEqual(['create', 'create']);
  });
});
