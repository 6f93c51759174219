import { roleOf } from '../../domain/node/sei-node.ts';
import { SCALING_DOWN, TERMINATING } from '../../domain/status/status-conditions.ts';
import type { NodeInTrouble } from '../node/by-trouble.ts';
import { age } from './duration.ts';
import { shortImage } from './image-name.ts';
import { oneLine } from './one-line.ts';
import type { Palette } from './palette.ts';
import { paintOf } from './state-mark.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

export interface ListScreen {
  readonly nodes: readonly NodeInTrouble[];
  /** True if the nodes may be of several namespaces. */
  readonly allNamespaces: boolean;
  readonly wide: boolean;
  readonly now: Date;
}

/** The width of a blocker in characters: `status` shows the rest. */
const BLOCKER_WIDTH = 48;

/** Blockers whose message begins with what a person wants to know: who holds the node, which pod it waits for. */
const TOLD_BY_MESSAGE = new Set(['Held', SCALING_DOWN, TERMINATING]);

/** Renders one line for each node. */
export function listScreen(
  { nodes, allNamespaces, wide, now }: ListScreen,
  palette: Palette,
): readonly string[] {
  const rows = nodes.map((each): readonly Cell[] => {
    const { node, health } = each;
    const { namespace, name, creationTimestamp } = node.metadata;
    const image = wide ? (text: string | undefined) => text ?? '-' : shortImage;
    return [
      ...(allNamespaces ? [namespace] : []),
      { text: name, paint: palette.strong },
      { text: stateText(each, now), paint: paintOf(health.state, palette) },
      image(health.wanted),
      image(health.running),
      health.step ?? '-',
      ...(wide
        ? [
            age(creationTimestamp, now) || '-',
            node.spec.chainId,
            roleOf(node.spec),
            node.status?.statefulSet?.name ?? '-',
            blockerText(each, wide),
          ]
        : [blockerText(each, wide), age(creationTimestamp, now) || '-']),
    ];
  });
  return table([headings(allNamespaces, wide, palette), ...rows]);
}

function headings(allNamespaces: boolean, wide: boolean, palette: Palette): readonly Cell[] {
  const names = [
    ...(allNamespaces ? ['NAMESPACE'] : []),
    'NAME',
    'STATE',
    'WANTED',
    'RUNNING',
    'STEP',
    // Whole messages would push the columns after them off the screen.
    ...(wide ? ['AGE', 'CHAIN', 'ROLE', 'STATEFULSET', 'BLOCKER'] : ['BLOCKER', 'AGE']),
  ];
  return names.map((text) => ({ text, paint: palette.dim }));
}

function stateText({ health: { state, since } }: NodeInTrouble, now: Date): string {
  return state === 'running' || since === undefined ? state : `${state} ${age(since, now)}`;
}

function blockerText({ health: { blockers } }: NodeInTrouble, wide: boolean): string {
  if (blockers.length === 0) return '-';
  if (wide)
    return blockers.map(({ reason, message }) => `${reason}: ${oneLine(message)}`).join('; ');
  const [first, ...others] = blockers;
  const text =
    first !== undefined && TOLD_BY_MESSAGE.has(first.reason)
      ? oneLine(first.message)
      : [first, ...others].map((each) => each?.reason).join(', ');
  return text.length <= BLOCKER_WIDTH ? text : `${text.slice(0, BLOCKER_WIDTH - 1)}…`;
}
