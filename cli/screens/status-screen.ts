import type { Condition } from '../../domain/node/condition.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import type { Plan } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { roleOf } from '../../domain/node/sei-node.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../domain/pod/stateful-set-view.ts';
import type { NodeHealth } from '../../domain/status/node-health.ts';
import type { NextAction } from '../node/command-words.ts';
import type { StepDurations } from '../node/step-durations.ts';
import { age } from './duration.ts';
import { oneLine } from './one-line.ts';
import type { Palette } from './palette.ts';
import { podRows } from './pod-rows.ts';
import { paintOf } from './state-mark.ts';
import { stepRows } from './step-rows.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

export interface StatusScreen {
  readonly node: SeiNode;
  readonly health: NodeHealth;
  readonly statefulSet: StatefulSetView | undefined;
  readonly pods: readonly PodView[];
  readonly actions: readonly NextAction[];
  readonly durations: StepDurations;
  /** Undefined while Temporal does not answer. */
  readonly workflowUrl: string | undefined;
  readonly now: Date;
}

/** Renders everything about one node: its trouble first, and the remedy last, where the eye rests. */
export function statusScreen(screen: StatusScreen, palette: Palette): readonly string[] {
  const { node, health, now } = screen;
  const sections: readonly (readonly string[])[] = [
    headline(node, health, now, palette),
    table(factRows(screen, palette)),
    section('Conditions', conditionRows(screen, palette), palette),
    planSection(node.status?.plan, screen, palette),
    section('Pods', podRows(node, screen.pods, palette), palette),
    nextSection(screen.actions, palette),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function headline(
  { metadata }: SeiNode,
  { state, since, blockers }: NodeHealth,
  now: Date,
  palette: Palette,
): readonly string[] {
  const paint = paintOf(state, palette);
  const sinceText = since === undefined ? '' : ` for ${age(since, now)}`;
  return [
    `${palette.strong(keyOf(metadata))}  ${paint(state)}${sinceText}`,
    ...blockers.map(({ reason, message }) => `  ${palette.bad(reason)}: ${oneLine(message)}`),
  ];
}

function factRows(
  { node, health, statefulSet, workflowUrl, now }: StatusScreen,
  palette: Palette,
): readonly (readonly Cell[])[] {
  const { spec, status, metadata } = node;
  const label = (text: string): Cell => ({ text, paint: palette.dim });
  const rows: (readonly Cell[])[] = [
    [label('wants'), health.wanted],
    [label('runs'), health.running ?? '(nothing yet)'],
    [label('node'), `${spec.chainId}, ${roleOf(spec)}, phase ${status?.phase ?? 'Pending'}`],
    [label('age'), age(metadata.creationTimestamp, now)],
    [label('statefulset'), statefulSetText(node, statefulSet)],
  ];
  const sidecar = status?.conditions?.find(({ type }) => type === 'SidecarReady');
  if (sidecar !== undefined) {
    const isReady = sidecar.status === 'True';
    const text = isReady ? 'ready' : `${sidecar.reason}: ${oneLine(sidecar.message)}`;
    rows.push([label('sidecar'), { text, paint: isReady ? palette.good : palette.bad }]);
  }
  const workflowId = status?.plan?.workflowId;
  if (workflowId !== undefined) rows.push([label('workflow'), workflowId]);
  if (workflowUrl !== undefined) rows.push([label('web ui'), workflowUrl]);
  return rows;
}

function statefulSetText({ status }: SeiNode, found: StatefulSetView | undefined): string {
  const tracked = status?.statefulSet;
  if (found === undefined) return tracked === undefined ? '(none yet)' : `${tracked.name} is gone`;
  const identity =
    tracked === undefined
      ? ', not tracked yet'
      : tracked.uid === found.uid
        ? ''
        : `, UID ${found.uid} is not the tracked ${tracked.uid}`;
  const { name, replicas, updatedReplicas, updateRevision = 'none yet' } = found;
  return `${name}, ${updatedReplicas}/${replicas} at revision ${updateRevision}${identity}`;
}

function conditionRows(
  { node, health, now }: StatusScreen,
  palette: Palette,
): readonly (readonly Cell[])[] {
  const conditions = node.status?.conditions ?? [];
  return conditions.map(({ type, status, reason, message, lastTransitionTime }) => [
    type,
    { text: status, paint: isTrouble(type, status) ? palette.bad : palette.dim },
    reason,
    age(lastTransitionTime, now),
    isTold(message, health) ? AS_ABOVE : oneLine(message),
  ]);
}

/** Stands for a text that the headline has already, and that would make a long line longer. */
const AS_ABOVE = 'as above';

function isTold(message: string, { blockers }: NodeHealth): boolean {
  return blockers.some((blocker) => blocker.message !== '' && message.includes(blocker.message));
}

/** Returns whether a condition is bad news; True of most conditions is good news. */
function isTrouble(type: string, status: Condition['status']): boolean {
  if (type === 'Stalled') return status === 'True';
  return (type === 'Ready' || type === 'SidecarReady') && status === 'False';
}

function planSection(
  plan: Plan | undefined,
  { durations, health, now }: StatusScreen,
  palette: Palette,
): readonly string[] {
  if (plan === undefined) return [];
  const { phase, targetImage = '(unknown)', previousImage = '(nothing)', startedAt } = plan;
  const title = `Plan: ${previousImage} -> ${targetImage}, ${phase}, began ${age(startedAt, now)} ago`;
  const tasks = plan.tasks.map((task) =>
    task.error !== undefined && isTold(task.error, health) ? { ...task, error: AS_ABOVE } : task,
  );
  const lines = section(title, stepRows({ ...plan, tasks }, durations, '●', palette), palette);
  if (plan.lastFailure === undefined) return lines;
  const { step, reason, message, at } = plan.lastFailure;
  return [
    ...lines,
    `  last failure ${age(at, now)} ago at ${step}: ${palette.bad(reason)}: ${isTold(message, health) ? AS_ABOVE : oneLine(message)}`,
  ];
}

function nextSection(actions: readonly NextAction[], palette: Palette): readonly string[] {
  if (actions.length === 0) return [];
  return [
    palette.strong('Next'),
    ...actions.flatMap(({ why, command }) => [`  ${why}:`, `    ${palette.strong(command)}`]),
  ];
}

function section(
  title: string,
  rows: readonly (readonly Cell[])[],
  palette: Palette,
): readonly string[] {
  return rows.length === 0 ? [] : [palette.strong(title), ...table(rows, '  ')];
}
