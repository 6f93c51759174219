import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';

import { byTrouble } from '../../../cli/node/by-trouble.ts';
import { fail } from '../../../cli/node/doctor-check.ts';
import { nextActions } from '../../../cli/node/next-action.ts';
import { diffScreen } from '../../../cli/screens/diff-screen.ts';
import { doctorScreen } from '../../../cli/screens/doctor-screen.ts';
import { historyScreen } from '../../../cli/screens/history-screen.ts';
import { listScreen } from '../../../cli/screens/list-screen.ts';
import { logLine } from '../../../cli/screens/log-screen.ts';
import { statusScreen } from '../../../cli/screens/status-screen.ts';
import { nodeView } from '../../../cli/shell/live-view.ts';
import { structured } from '../../../cli/shell/structured.ts';
import type { Terminal } from '../../../cli/shell/terminal.ts';
import { terminalOn } from '../../../cli/shell/terminal.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { nodeHealth } from '../../../domain/status/node-health.ts';
import { EARLIER, NOW, pod, statefulSet, waiting } from '../../support/sei-node.ts';
import { NODES, FULL_V1, FULL_V2 } from '../nodes-in-states.ts';

/**
 * Texts that an Event, an image or a reason may hold: a title, a cleared line, the clipboard, text read backwards,
 * colours like our own, and a line that looks as if the tool had said it.
 */
const HOSTILE = [
  '\u001B]0;title\u0007 \u001B[2K\u001B[1A \u001B]52;c;eA==\u0007 \u009B8m \u202Etxt\u200B',
  '\u001B[32mpainted\u001B[39m \u001B[0mreset',
  '\r\nNext: run this\u2028',
].join(' ');

/** Fields that the tool goes by, which the API server lets nobody choose. */
const GIVEN = new Set(['status', 'phase', 'type', 'kind', 'role', 'outcome', 'verdict', 'source']);

/** Makes each text hostile, except for times and the fields that the tool goes by. */
function hostile<T>(value: T, key = ''): T {
  if (typeof value === 'string') {
    const isGiven = GIVEN.has(key) || /^\d{4}-\d\d-\d\dT/.test(value);
    return isGiven ? value : (`${value}${HOSTILE}` as T);
  }
  if (Array.isArray(value)) return value.map((each: unknown) => hostile(each, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => [
    name,
    hostile<unknown>(each, name),
  ]);
  return Object.fromEntries(entries) as T;
}

const now = new Date(NOW);
const nodes = Object.entries(NODES).map(([state, node]) => [state, hostile(node)] as const);
const words = { program: 'seinode', where: '' };

const podOf = (node: SeiNode) =>
  hostile(
    pod({
      name: `${node.metadata.name}-0`,
      image: FULL_V2,
      phase: 'Pending',
      ready: false,
      containers: { seid: waiting('ImagePullBackOff') },
    }),
  );

/** Every screen, of nodes whose every text is hostile. */
const SCREENS: Readonly<Record<string, (terminal: Terminal) => void>> = {
  ...Object.fromEntries(
    [false, true].map((wide) => [
      `list${wide ? ' -o wide' : ''}`,
      (terminal: Terminal) => {
        const found = byTrouble(nodes.map(([, node]) => node));
        terminal.print(
          listScreen({ nodes: found, allNamespaces: wide, wide, now }, terminal.palette),
        );
      },
    ]),
  ),
  ...Object.fromEntries(
    nodes.map(([state, node]) => [
      `status of a node that is ${state}`,
      (terminal: Terminal) => {
        const health = nodeHealth(node);
        const pods = [podOf(node)];
        terminal.print(
          statusScreen(
            {
              node,
              health,
              pods,
              now,
              statefulSet: hostile(statefulSet()),
              actions: nextActions(node, health, pods, words),
              durations: new Map(),
              workflowUrl: `http://localhost${HOSTILE}`,
            },
            terminal.palette,
          ),
        );
      },
    ]),
  ),
  ...Object.fromEntries(
    nodes.map(([state, node]) => [
      `watch of a node that is ${state}`,
      (terminal: Terminal) => {
        const interrupted = new AbortController().signal;
        const view = nodeView({ terminal, interrupted, now: () => now });
        view.show(node);
        view.interrupted(HOSTILE);
        view.close();
      },
    ]),
  ),
  history: (terminal) => {
    const entry = {
      from: FULL_V1,
      to: FULL_V2,
      startedAt: EARLIER,
      endedAt: NOW,
      actor: 'kim',
      reason: 'x',
    };
    const updates = (['Held', 'Failed', 'Complete'] as const).map((outcome) =>
      hostile({ ...entry, outcome, url: 'http://localhost' }),
    );
    terminal.print(historyScreen(updates, { wide: false, now }, terminal.palette));
    terminal.print(historyScreen(updates, { wide: true, now }, terminal.palette));
  },
  logs: (terminal) => {
    for (const source of ['kubernetes', 'temporal'] as const) {
      for (const isWarning of [true, false]) {
        const entry = { atMs: 0, resolutionMs: 1, source, isWarning, what: 'x', message: 'y' };
        terminal.print([
          logLine(hostile({ ...entry, resolutionMs: 1 as const }), terminal.palette),
        ]);
      }
    }
  },
  diff: (terminal) => {
    terminal.print(
      diffScreen(
        [hostile({ object: 'x', before: ['a', 'b'], after: ['a', 'c'] })],
        terminal.palette,
      ),
    );
  },
  doctor: (terminal) => {
    terminal.print(
      doctorScreen(
        [hostile(fail('workers', 'no worker polls', 'start a worker'))],
        terminal.palette,
      ),
    );
  },
  'all as JSON': (terminal) => terminal.print(structured(nodes, 'json')),
  'all as YAML': (terminal) => terminal.print(structured(nodes, 'yaml')),
  'an answer': (terminal) => terminal.print([HOSTILE]),
};

function written(isTTY: boolean, show: (terminal: Terminal) => void): string {
  let text = '';
  const output = { isTTY, columns: 200, rows: 500, write: (more: string) => (text += more) };
  show(terminalOn(output, output, {}));
  return text;
}

/** Matches what our terminal.palette, and the live view beside it, may write. */
// eslint-disable-next-line no-control-regex -- escapes are what it is about
const OURS = /\u001B\[(?:\d+m|\?25[hl]|\d+A|J)|\r(?=\u001B\[J)/g;

beforeEach(() => {
  vi.useFakeTimers({ now });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each([true, false])('where the output is a terminal: %s', (isTTY) => {
  it.each(Object.entries(SCREENS))(
    '%s shows what is hostile, and does nothing of it',
    (_, show) => {
      const text = written(isTTY, show);
      const unpainted = text.replaceAll(OURS, '');
      expect(unpainted).toMatch(/\\u001b|\\u202e/);
      expect(unpainted.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(text).not.toContain('\u001B[32mpainted');
      expect(text).not.toContain('\u001B[0mreset');
      expect(unpainted).not.toMatch(/^ *Next: run this/m);
    },
  );

  it('paints what is ours', () => {
    const text = written(isTTY, (terminal) => terminal.print([terminal.palette.good('ok')]));
    expect(text).toBe(isTTY ? '\u001B[32mok\u001B[39m\n' : 'ok\n');
  });

  it('notes of several lines are written as such, and nothing else is', () => {
    const text = written(isTTY, (terminal) => terminal.note('one', `two \u001B[31mred\u202E`));
    expect(text).toBe(`one\ntwo ${String.raw`\u001b[31mred\u202e`}\n`);
  });
});

describe.each(['json', 'yaml'] as const)('a result as %s', (format) => {
  it('holds the very texts for a program that reads it', () => {
    const text = written(false, (terminal) =>
      terminal.print(structured({ text: HOSTILE }, format)),
    );
    expect(parse(text)).toEqual({ text: HOSTILE });
  });
});
