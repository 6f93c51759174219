import { failureTypeOf } from '../failure/failure-type.ts';
import type { NodeRef } from '../node/node-ref.ts';
import { keyOf } from '../node/node-ref.ts';
import type { Stall } from '../node/stall.ts';
import type { Command, CommandKind } from '../plan/steering.ts';
import type { Pace } from '../work/pace.ts';
import type { KindNames } from './kind-names.ts';
import type { CarriedState, LatenessState, NodeRunInput, ParkedFailure } from './node-run.ts';
import type { Fields, Read } from './payload.ts';
import {
  countOf,
  fieldsOf,
  fits,
  ID_LENGTH,
  isBounded,
  keyIn,
  listOf,
  MESSAGE_LENGTH,
  misfit,
  nodeRefOf,
  textOf,
} from './payload.ts';
import { readCommand } from './read-command.ts';
import { parseWorkflowId } from './workflow-id.ts';

const COMMAND_KINDS: Readonly<Record<CommandKind, true>> = {
  pause: true,
  resume: true,
  retry: true,
  rollback: true,
};

/** Reads the start input of a run with that workflow id, which alone decides whose run it is. */
export function readRunInput(
  kind: KindNames,
  input: unknown,
  workflowId: string,
): Read<NodeRunInput> {
  const owner = parseWorkflowId(workflowId, [kind])?.object;
  if (owner === undefined) {
    return misfit(
      `the workflow id ${workflowId} does not fit: it has to be ${kind.id}/CLUSTER/NAMESPACE/NAME`,
    );
  }
  const fields = fieldsOf(input);
  const example = `{ "node": { "namespace": "${owner.namespace}", "name": "${owner.name}", "uid": "..." } }`;
  if (fields === undefined) return misfit(`the input has to be an object: ${example}`);
  const node = nodeRefOf(fields['node']);
  if (node === undefined) return misfit(`node is missing in the input, or is no node: ${example}`);
  if (keyOf(node) !== keyOf(owner)) {
    return misfit(`node is ${keyOf(node)}, and the workflow id is that of ${keyOf(owner)}`);
  }
  return readCarriedState(kind, fields, node);
}

/** Reads the state that an earlier run handed to this one; a run that somebody starts has none. */
function readCarriedState(
  { workflows }: KindNames,
  fields: Fields,
  node: NodeRef,
): Read<NodeRunInput> {
  const { planId, failures, parked, pace, lateness, commands } = fields;
  const read = {
    planId: optional(planId, textOf),
    failures: optional(failures, countOf),
    parked: optional(parked, parkedOf),
    pace: optional(pace, (value) => paceOf(value, workflows)),
    lateness: optional(lateness, latenessOf),
    commands: optional(commands, commandsOf),
  } satisfies Record<keyof CarriedState, unknown>;
  for (const [field, value] of Object.entries(read)) {
    if (value === MISFIT)
      return misfit(`${field} of the input has not the shape that a run hands on`);
  }
  const present = Object.entries(read).filter(([, value]) => value !== undefined);
  return fits({ node, ...(Object.fromEntries(present) as Partial<CarriedState>) });
}

const MISFIT = Symbol('misfit');

function optional<T>(
  value: unknown,
  read: (value: unknown) => T | undefined,
): T | undefined | typeof MISFIT {
  if (value === undefined || value === null) return undefined;
  return read(value) ?? MISFIT;
}

function parkedOf(value: unknown): ParkedFailure | undefined {
  const { failure, until } = fieldsOf(value) ?? {};
  const { step, reason, message } = fieldsOf(failure) ?? {};
  const [atStep, because] = [textOf(step), textOf(reason)];
  if (atStep === undefined || because === undefined || !isBounded(message, MESSAGE_LENGTH)) {
    return undefined;
  }
  if (!isBounded(until, ID_LENGTH) || Number.isNaN(Date.parse(until))) {
    return undefined;
  }
  return { failure: { step: atStep, reason: failureTypeOf(because), message }, until };
}

function paceOf(value: unknown, workflows: KindNames['workflows']): Pace | undefined {
  const { generation, kinds, repeats, turns, lastAtMs, told, flips, why } = fieldsOf(value) ?? {};
  const { count, lastAtMs: flippedAtMs } = fieldsOf(flips) ?? {};
  const numbers = [generation, repeats, turns, lastAtMs, count, flippedAtMs].map(countOf);
  const [atGeneration, repeated, turned, atMs, flipped, flipAtMs] = numbers;
  if (atGeneration === undefined || repeated === undefined || atMs === undefined) return undefined;
  if (turned === undefined || flipped === undefined || flipAtMs === undefined) return undefined;
  const known = listOf(kinds, (kind) => keyIn(workflows, kind));
  const texts = listOf(told, (text) => (isBounded(text, MESSAGE_LENGTH) ? text : undefined));
  if (known === undefined || texts === undefined) return undefined;
  if (why !== undefined && !isBounded(why, MESSAGE_LENGTH)) return undefined;
  return {
    generation: atGeneration,
    kinds: known,
    repeats: repeated,
    turns: turned,
    lastAtMs: atMs,
    told: texts,
    flips: { count: flipped, lastAtMs: flipAtMs },
    why,
  };
}

function latenessOf(value: unknown): LatenessState | undefined {
  const { key, spentMs, rank, exceeded, refusedRollback } = fieldsOf(value) ?? {};
  if (!isBounded(key, MESSAGE_LENGTH) || typeof rank !== 'number') return undefined;
  if (typeof spentMs !== 'number' || !Number.isFinite(spentMs)) return undefined;
  if (refusedRollback !== undefined && !isBounded(refusedRollback, MESSAGE_LENGTH)) {
    return undefined;
  }
  const stall = exceeded === undefined ? undefined : lateStallOf(exceeded);
  if (exceeded !== undefined && stall === undefined) return undefined;
  return { key, spentMs, rank, exceeded: stall, refusedRollback };
}

/** Reads the stall of a node that is late. */
function lateStallOf(value: unknown): Stall | undefined {
  const { reason, message } = fieldsOf(value) ?? {};
  return reason === 'ProgressDeadlineExceeded' && isBounded(message, MESSAGE_LENGTH)
    ? { reason, message }
    : undefined;
}

function commandFrom(value: unknown): Command | undefined {
  const fields = fieldsOf(value);
  const kind = keyIn(COMMAND_KINDS, fields?.['kind']);
  if (kind === undefined) return undefined;
  const read = readCommand(kind, fields);
  return read.kind === 'fits' ? read.value : undefined;
}

function commandsOf(value: unknown): readonly Command[] | undefined {
  return listOf(value, commandFrom);
}
