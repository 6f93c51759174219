import type { SeiNode } from '../../domain/node/sei-node.ts';
import { hasNodePodName } from '../../domain/pod/node-pod.ts';
import type { ContainerState, ContainerView, PodView } from '../../domain/pod/pod-view.ts';
import type { Palette } from './palette.ts';
import type { Cell } from './table.ts';

/** Renders a row for each pod with the node's label, and one for each container of the node's own pods. */
export function podRows(
  { metadata }: SeiNode,
  pods: readonly PodView[],
  palette: Palette,
): readonly (readonly Cell[])[] {
  const own = pods.filter((pod) => hasNodePodName(pod, metadata));
  const others = pods.filter((pod) => !own.includes(pod));
  return [
    ...ownRows(own, palette),
    ...others.map((pod) => [
      pod.name,
      podState(pod),
      { text: "not the node's pod", paint: palette.warn },
    ]),
  ];
}

function ownRows(pods: readonly PodView[], palette: Palette): readonly (readonly Cell[])[] {
  return pods.flatMap((pod) => [
    [
      pod.name,
      podState(pod),
      { text: pod.ready ? 'ready' : 'not ready', paint: pod.ready ? palette.good : palette.warn },
      pod.ip ?? '',
      pod.revision ?? '',
    ],
    ...pod.containers.map((container) => containerRow(container, palette)),
  ]);
}

/** Reasons for which a container waits on its normal way up. */
const STARTING = new Set(['', 'PodInitializing', 'ContainerCreating']);

function podState({ deletionTimestamp, phase, reason, unschedulable }: PodView): string {
  if (deletionTimestamp !== undefined) return `Terminating until ${deletionTimestamp}`;
  if (unschedulable !== undefined) return `${phase}, unschedulable`;
  return reason === undefined ? phase : `${phase}, ${reason}`;
}

function containerRow(container: ContainerView, palette: Palette): readonly Cell[] {
  const { name, image, ready, state, restartCount } = container;
  const isStuck = state.kind === 'waiting' && !STARTING.has(state.reason);
  return [
    `  ${name}`,
    { text: stateText(state), paint: isStuck ? palette.bad : (text) => text },
    ready ? 'ready' : '',
    restartCount === 0 ? '' : `${restartCount} restarts`,
    image,
  ];
}

function stateText(state: ContainerState): string {
  switch (state.kind) {
    case 'running':
      return 'running';
    case 'waiting':
      return state.reason === '' ? 'waiting' : state.reason;
    case 'terminated':
      return `exited ${state.exitCode}`;
  }
}
