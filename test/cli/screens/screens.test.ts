import { describe, expect, it } from 'vitest';

import { byTrouble } from '../../../cli/node/by-trouble.ts';
import type { DoctorCheck } from '../../../cli/node/doctor-check.ts';
import { fail, ok, warn } from '../../../cli/node/doctor-check.ts';
import type { LogEntry } from '../../../cli/node/log-entry.ts';
import { nextActions } from '../../../cli/node/next-action.ts';
import { advanced, unstartedClock } from '../../../cli/node/step-clock.ts';
import { diffScreen } from '../../../cli/screens/diff-screen.ts';
import { doctorScreen } from '../../../cli/screens/doctor-screen.ts';
import type { PastUpdate } from '../../../cli/screens/history-screen.ts';
import { historyScreen } from '../../../cli/screens/history-screen.ts';
import { listScreen } from '../../../cli/screens/list-screen.ts';
import { logLine } from '../../../cli/screens/log-screen.ts';
import type { Palette } from '../../../cli/screens/palette.ts';
import { coloured, plain } from '../../../cli/screens/palette.ts';
import type { StatusScreen } from '../../../cli/screens/status-screen.ts';
import { statusScreen } from '../../../cli/screens/status-screen.ts';
import { watchScreen } from '../../../cli/screens/watch-screen.ts';
import { podNameOf } from '../../../domain/node/node-ref.ts';
import type { PlanTask } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { nodeHealth } from '../../../domain/status/node-health.ts';
import { EARLIER, forgedPod, NOW, pod, statefulSet, waiting } from '../../support/sei-node.ts';
import { NODES, FULL_V1, FULL_V2 } from '../nodes-in-states.ts';

const now = new Date(NOW);
const nodes = byTrouble(Object.values(NODES));

/** A changed golden is a changed screen: `vitest -u` writes them, and somebody reads the difference. */
const golden = (name: string) => `../goldens/${name}.txt`;

const textOf = (lines: readonly string[]) => `${lines.join('\n')}\n`;

describe('the screen of list', () => {
  it('has a line for each node, trouble first', async () => {
    const screen = { nodes, allNamespaces: false, wide: false, now };
    await expect(textOf(listScreen(screen, plain))).toMatchFileSnapshot(golden('list'));
  });

  it('shows all of each node when it may be wide', async () => {
    const screen = { nodes, allNamespaces: true, wide: true, now };
    await expect(textOf(listScreen(screen, plain))).toMatchFileSnapshot(golden('list-wide'));
  });

  it('is coloured without a shifted column', async () => {
    const screen = { nodes, allNamespaces: false, wide: false, now };
    const lines = listScreen(screen, coloured(''));
    expect(lines.map(withoutColours)).toEqual(listScreen(screen, plain));
    await expect(textOf(lines)).toMatchFileSnapshot(golden('list-coloured'));
  });
});

describe('the screen of status', () => {
  it.each(['running', 'updating', 'stalled', 'failed', 'held', 'starting'] as const)(
    'of a node that is %s',
    async (state) => {
      const pods = state === 'starting' ? [] : podsOf(NODES[state]);
      await expect(textOf(statusScreen(statusOf(NODES[state], pods), plain))).toMatchFileSnapshot(
        golden(`status-${state}`),
      );
    },
  );

  it('tells a pod that only carries the node’s label from its own', () => {
    const lines = statusScreen(
      statusOf(NODES.running, [forgedPod(), ...podsOf(NODES.running)]),
      plain,
    );
    const pods = lines.slice(lines.findIndex((line) => line.includes('Pods')));
    expect(pods.join('\n')).toMatch(
      /running-0.*\n(.*\n){4}  zz-forged +Running +not the node's pod/,
    );
    expect(lines.join('\n')).not.toContain('evil:v1');
  });

  it('says when the StatefulSet is gone, or is another one', () => {
    const screen = statusOf(NODES.running, []);
    const text = (changed: Partial<StatusScreen>) =>
      statusScreen({ ...screen, ...changed }, plain).join('\n');
    expect(text({ statefulSet: undefined })).toContain('statefulset  n0 is gone');
    expect(text({ statefulSet: statefulSet({ uid: 'other' }) })).toContain(
      'UID other is not the tracked sts-uid',
    );
  });
});

describe('the live screen of watch', () => {
  const screenOf = (node: SeiNode, palette: Palette, interruption?: string) => {
    const { plan } = node.status ?? {};
    const tasks = plan?.tasks.map(({ type }) => pending(type)) ?? [];
    const begun = plan && { ...plan, phase: 'Active' as const, tasks };
    const first = advanced(unstartedClock, begun, Date.parse(EARLIER));
    const clock = advanced(first, plan, now.getTime() - 4_200);
    return watchScreen({ node, clock, busy: '⠋', now, columns: 120, interruption }, palette);
  };

  it.each(['updating', 'stalled', 'failed', 'held', 'starting'] as const)(
    'of a node that is %s',
    async (state) => {
      await expect(textOf(screenOf(NODES[state], plain))).toMatchFileSnapshot(
        golden(`watch-${state}`),
      );
    },
  );

  it('does not show the steps of an update before the one that is asked for', () => {
    const { spec, status } = NODES.updating;
    const plan = status?.plan && { ...status.plan, phase: 'Complete' as const };
    const node = {
      ...NODES.updating,
      spec: { ...spec, image: FULL_V1 },
      status: { ...status, plan },
    };
    expect(screenOf(NODES.updating, plain).join()).toContain('replace-pod');
    expect(screenOf(node as SeiNode, plain).join()).not.toContain('replace-pod');
  });

  it('says that the connection is interrupted', () => {
    expect(screenOf(NODES.running, plain, 'reset\nby peer').at(-1)).toBe(
      '  connection interrupted, trying again: reset by peer',
    );
  });
});

describe('the screen of history', () => {
  const url = 'http://localhost:8233/namespaces/default/workflows/x/y/history';
  const entry = { from: FULL_V1, to: FULL_V2, startedAt: EARLIER, endedAt: EARLIER, actor: 'spec' };
  const updates: readonly PastUpdate[] = [
    { ...entry, outcome: 'Held', actor: 'kim', reason: 'exchange\nmaintenance', url },
    { ...entry, outcome: 'Superseded', endedAt: NOW, url },
    {
      ...entry,
      outcome: 'Complete',
      from: '',
      endedAt: '2026-01-01T11:00:04.321Z',
      url: undefined,
    },
  ];

  it('has links where Temporal retains the run', async () => {
    await expect(textOf(historyScreen(updates, { wide: false, now }, plain))).toMatchFileSnapshot(
      golden('history'),
    );
  });

  it('leaves out the column of links when there are none', async () => {
    const unlinked = updates.map((update) => ({ ...update, url: undefined }));
    await expect(textOf(historyScreen(unlinked, { wide: true, now }, plain))).toMatchFileSnapshot(
      golden('history-wide'),
    );
  });
});

describe('the screen of doctor', () => {
  it('has a remedy under each trouble', async () => {
    const checks: readonly DoctorCheck[] = [
      ok('kubernetes', 'v1.36.3 at https://127.0.0.1:6443'),
      warn('search attributes', 'SeiStep missing', 'temporal operator search-attribute create'),
      fail('workers', 'no worker polls task queue seinode', 'start a worker'),
    ];
    await expect(textOf(doctorScreen(checks, plain))).toMatchFileSnapshot(golden('doctor'));
  });
});

describe('the lines of logs', () => {
  it('say when, from where and what', async () => {
    const entries: readonly LogEntry[] = [
      entryOf({ source: 'temporal', what: 'step-began', message: 'replace-pod' }),
      entryOf({ source: 'kubernetes', what: 'Stalled', message: 'no\n  room', isWarning: true }),
    ];
    await expect(textOf(entries.map((entry) => logLine(entry, plain)))).toMatchFileSnapshot(
      golden('logs'),
    );
  });
});

describe('the screen of diff', () => {
  const lines = (image: string) => [
    ...Array.from({ length: 6 }, (_, index) => `before${index}: 1`),
    `image: ${image}`,
    ...Array.from({ length: 9 }, (_, index) => `after${index}: 1`),
    `annotation: ${image}`,
  ];

  it('has what changes with some lines around it', async () => {
    const changed = {
      object: 'StatefulSet default/n0',
      before: lines(FULL_V1),
      after: lines(FULL_V2),
    };
    const created = { object: 'Service default/n0', before: [], after: ['kind: Service'] };
    const same = { object: 'ConfigMap default/n0', before: ['a: 1'], after: ['a: 1'] };
    await expect(textOf(diffScreen([changed, created, same], plain))).toMatchFileSnapshot(
      golden('diff'),
    );
  });
});

function pending(type: string): PlanTask {
  return { type, status: 'Pending' };
}

function statusOf(node: SeiNode, pods: StatusScreen['pods']): StatusScreen {
  const health = nodeHealth(node);
  const words = { program: 'seinode', where: '' };
  return {
    node,
    health,
    pods,
    now,
    statefulSet: node.status === undefined ? undefined : statefulSet(),
    actions: nextActions(node, health, pods, words),
    durations: new Map([
      ['apply-statefulset', 25],
      ['apply-service', 16],
      ['replace-pod', 1_234],
      ['observe-image', 95_000],
    ]),
    workflowUrl: node.status?.plan && 'http://localhost:8233/namespaces/default/workflows/x',
  };
}

function podsOf(node: SeiNode) {
  const { namespace } = node.metadata;
  const its = { namespace, name: podNameOf(node.metadata), node: node.metadata.name };
  const pulling = { 'seid-init': waiting('ImagePullBackOff'), seid: waiting('PodInitializing') };
  return [
    nodeHealth(node).state === 'stalled'
      ? pod({ ...its, image: FULL_V2, phase: 'Pending', ready: false, containers: pulling })
      : pod({ ...its, image: FULL_V1 }),
  ];
}

function entryOf(parts: Partial<LogEntry>): LogEntry {
  const entry = { atMs: now.getTime(), isWarning: false, what: '', message: '' };
  return { ...entry, resolutionMs: 1, source: 'temporal', ...parts };
}

function withoutColours(line: string): string {
  return line.replaceAll(new RegExp(String.raw`\u001B\[\d+m`, 'g'), '');
}
