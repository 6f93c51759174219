import { podNameOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { rollbackDecision } from '../../domain/plan/rollback.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { NextAction, Typist } from './command-words.ts';
import { action } from './command-words.ts';

/** A node that needs advice, with its own pods. */
export interface Patient {
  readonly node: SeiNode;
  readonly pods: readonly PodView[];
  readonly type: Typist;
}

/** The ways out of one kind of trouble, the most likely first. */
export type Advice = (patient: Patient) => readonly NextAction[];

/** Advises one command of kubectl. */
export function kubectl(why: string, command: (patient: Patient) => string): Advice {
  return (patient) => [action(why, patient.type.kubectl(command(patient)))];
}

/** Advises to look at the node's pod. */
export function aboutPod(why: string, command: (pod: string) => string): Advice {
  return kubectl(why, ({ node }) => command(podNameOf(node.metadata)));
}

/** Advises one thing after the other. */
export function allOf(...advice: readonly Advice[]): Advice {
  return (patient) => advice.flatMap((one) => one(patient));
}

export function retry(why: string): Advice {
  return ({ type }) => [action(why, type.seinode('retry'))];
}

export function setImage(why: string): Advice {
  return ({ type }) => [action(why, type.seinode('set-image', 'IMAGE'))];
}

/** Advises the previous image, where the node can go back to it. */
export const orRollback: Advice = ({ node, type }) => {
  const decision = rollbackDecision(node);
  if (decision.kind !== 'roll-back') return [];
  return [action(`or go back to ${decision.rollback.image}`, type.seinode('rollback'))];
};

/** Advises to look at the machines of pods that are to go: a person may do more where a machine does not answer. */
export const machinesOfLeaving: Advice = ({ pods, type }) =>
  pods.flatMap(({ machine, deletionTimestamp }) =>
    machine === undefined || deletionTimestamp === undefined
      ? []
      : [
          action(
            `if it stays: check whether machine ${machine} answers; if not, docs/stuck-roll.md says what to do`,
            type.kubectl(`get node ${machine}`),
          ),
        ],
  );
