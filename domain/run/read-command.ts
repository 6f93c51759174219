import type { Command, CommandKind, SteeringInput } from '../plan/steering.ts';
import { commandOf } from '../plan/steering.ts';
import type { Read } from './payload.ts';
import { fieldsOf, fits, isOptionalString, misfit } from './payload.ts';

/** Reads the command in a message; a message without a payload is a command without a reason. */
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
