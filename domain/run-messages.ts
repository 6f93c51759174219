/**
 * Reads what arrives from outside a run, and what arrives at an activity: start inputs, messages, whose work it is. Whoever can reach Temporal
 * can send anything, so a payload is one of these shapes only once it has been looked at.
 */
import type { DueWork, WorkKind } from './due-work.ts';
import { isWorkKind } from './due-work.ts';
import { failureTypeOf } from './failure-type.ts';
import type { NodeRef } from './node-ref.ts';
import { keyOf, nodeOfWorkflowId } from './node-ref.ts';
import type {
  CarriedState,
  LatenessState,
  NodeRunInput,
  Observed,
  ParkedFailure,
} from './node-run.ts';
import type { Pace } from './pace.ts';
import type { Stall } from './stall.ts';
import type { Command, CommandKind, SteeringInput } from './steering.ts';
import { commandOf, MOST_COMMANDS } from './steering.ts';
import { cleanText } from './text.ts';

export type Read<T> =
  | { readonly kind: 'fits'; readonly value: T }
  | { readonly kind: 'misfit'; readonly why: string };

/** Longer than any id, step or reason that this product or Kubernetes makes. */
const ID_LENGTH = 256;
/** A failure's message carries what an API server said. */
const MESSAGE_LENGTH = 64 * 1024;
/** A clause for a condition. */
const WHY_LENGTH = 300;

const CAUSES: Readonly<Record<Observed['cause'], true>> = { change: true, resync: true };
const DUE_KINDS: Readonly<Record<DueWork['kind'], true>> = {
  nothing: true,
  nodeInit: true,
  nodeUpdate: true,
  nodeSync: true,
  nodeDelete: true,
  held: true,
  failed: true,
};
const COMMAND_KINDS: Readonly<Record<CommandKind, true>> = {
  pause: true,
  resume: true,
  retry: true,
  rollback: true,
};

/** Reads the start input of a run with that workflow id, which alone says whose run it is. */
export function readRunInput(input: unknown, workflowId: string): Read<NodeRunInput> {
  const owner = nodeOfWorkflowId(workflowId);
  if (owner === undefined) {
    return misfit(
      `the workflow id ${workflowId} names no node: it has to be seinode/CLUSTER/NAMESPACE/NAME`,
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
  return readCarriedState(fields, node);
}

/**
 * Reads whose work an activity is asked to do, and under which plan. The workflow id alone says it: a run that asks
 * for another node than its own would be a second writer of that.
 */
export function readActivityInput(input: unknown, workflowId: string): Read<NodeRef> {
  const owner = nodeOfWorkflowId(workflowId);
  if (owner === undefined) return misfit('that workflow id names no node');
  const { node: named, planId, workflowId: recorded } = fieldsOf(input) ?? {};
  const node = nodeRefOf(named);
  if (node === undefined) return misfit('its node has no namespace, name and uid');
  if (keyOf(node) !== keyOf(owner)) return misfit(`it is about ${keyOf(node)}`);
  if (planId !== undefined && textOf(planId) === undefined) return misfit('its planId is no id');
  if (recorded !== undefined && recorded !== workflowId) {
    return misfit('it names another workflow than the one that asks');
  }
  return fits(node);
}

/** Reads what a run handed on to this one; a run that somebody starts has none of it. */
function readCarriedState(fields: Fields, node: NodeRef): Read<NodeRunInput> {
  const { planId, failures, parked, pace, lateness, commands } = fields;
  const read = {
    planId: optional(planId, textOf),
    failures: optional(failures, countOf),
    parked: optional(parked, parkedOf),
    pace: optional(pace, paceOf),
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

/**
 * Reads what somebody says to have observed. The node has to be that of the run by namespace and name;
 * another UID and the generation are hints, which only a read of the node confirms.
 */
export function readObserved(message: unknown, run: NodeRef): Read<Observed> {
  const fields = fieldsOf(message);
  if (fields === undefined) return misfit('it is no object');
  const node = nodeRefOf(fields['node']);
  if (node === undefined) return misfit('its node has no namespace, name and uid');
  if (keyOf(node) !== keyOf(run)) return misfit(`it is about ${keyOf(node)}`);
  const generation = countOf(fields['generation']);
  if (generation === undefined) return misfit('its generation is no whole number from 0 on');
  const cause = keyIn(CAUSES, fields['cause']);
  if (cause === undefined) return misfit('its cause is neither change nor resync');
  const due = keyIn(DUE_KINDS, fields['due']);
  if (due === undefined) return misfit('its due names no kind of work');
  const { why, runs } = fields;
  if (!isOptionalString(why)) return misfit('its why is no text');
  if (runs !== undefined && countOf(runs) === undefined) return misfit('its runs is no number');
  return fits({
    node,
    generation,
    cause,
    due,
    ...(typeof why === 'string' && { why: cleanText(why, WHY_LENGTH) }),
    ...(typeof runs === 'number' && { runs }),
  });
}

/** Reads the command that a message asks for; without a payload it is one without a reason. */
export function readCommand(kind: CommandKind, input: unknown): Read<Command> {
  if (input === undefined || input === null) return fits(commandOf(kind, undefined));
  const fields = fieldsOf(input);
  const { reason, actor } = fields ?? {};
  if (fields === undefined || !isOptionalString(reason) || !isOptionalString(actor)) {
    return misfit(`${kind} takes an object { "reason": "...", "actor": "..." } or nothing`);
  }
  const known: SteeringInput = {
    ...(typeof reason === 'string' && { reason }),
    ...(typeof actor === 'string' && { actor }),
  };
  return fits(commandOf(kind, known));
}

type Fields = Readonly<Record<string, unknown>>;

const MISFIT = Symbol('misfit');

function optional<T>(
  value: unknown,
  read: (value: unknown) => T | undefined,
): T | undefined | typeof MISFIT {
  if (value === undefined || value === null) return undefined;
  return read(value) ?? MISFIT;
}

/** Neither a list nor bytes, which are objects, too. */
function fieldsOf(value: unknown): Fields | undefined {
  return Object.prototype.toString.call(value) === '[object Object]'
    ? (value as Fields)
    : undefined;
}

function nodeRefOf(value: unknown): NodeRef | undefined {
  const { namespace, name, uid } = fieldsOf(value) ?? {};
  const [inNamespace, named, ofUid] = [textOf(namespace), textOf(name), textOf(uid)];
  if (inNamespace === undefined || named === undefined || ofUid === undefined) return undefined;
  return { namespace: inNamespace, name: named, uid: ofUid };
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

function paceOf(value: unknown): Pace | undefined {
  const { generation, kinds, repeats, turns, lastAtMs, told, flips, why } = fieldsOf(value) ?? {};
  const { count, lastAtMs: flippedAtMs } = fieldsOf(flips) ?? {};
  const numbers = [generation, repeats, turns, lastAtMs, count, flippedAtMs].map(countOf);
  const [atGeneration, repeated, turned, atMs, flipped, flipAtMs] = numbers;
  if (atGeneration === undefined || repeated === undefined || atMs === undefined) return undefined;
  if (turned === undefined || flipped === undefined || flipAtMs === undefined) return undefined;
  const known = listOf(kinds, workKindOf);
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
  const stall = exceeded === undefined ? undefined : stallFrom(exceeded);
  if (exceeded !== undefined && stall === undefined) return undefined;
  return { key, spentMs, rank, exceeded: stall, refusedRollback };
}

function stallFrom(value: unknown): Stall | undefined {
  const { reason, message } = fieldsOf(value) ?? {};
  const because = textOf(reason);
  return because !== undefined && isBounded(message, MESSAGE_LENGTH)
    ? { reason: because, message }
    : undefined;
}

function workKindOf(value: unknown): WorkKind | undefined {
  const kind = keyIn(DUE_KINDS, value);
  return kind !== undefined && isWorkKind(kind) ? kind : undefined;
}

/** A list of no more than a run hands on, of which each entry can be read. */
function listOf<T>(
  value: unknown,
  read: (entry: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_COMMANDS) return undefined;
  const entries = value.map(read).filter((entry) => entry !== undefined);
  return entries.length === value.length ? entries : undefined;
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

function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

function textOf(value: unknown): string | undefined {
  return isBounded(value, ID_LENGTH) && value !== '' ? value : undefined;
}

function isBounded(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length <= length;
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/** Own keys only: `constructor` is no kind of anything. */
function keyIn<Key extends string>(
  known: Readonly<Record<Key, true>>,
  value: unknown,
): Key | undefined {
  return typeof value === 'string' && Object.hasOwn(known, value) ? (value as Key) : undefined;
}

function fits<T>(value: T): Read<T> {
  return { kind: 'fits', value };
}

function misfit(why: string): { readonly kind: 'misfit'; readonly why: string } {
  return { kind: 'misfit', why };
}
