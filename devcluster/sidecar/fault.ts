import { z } from 'zod';

import { CALL_KINDS } from './sidecar-call.ts';
import { TASK_TYPES } from './task.ts';

/** How many requests, or runs of a task, a fault hits before it is over; without it, all. */
const times = z.int().positive().optional();
/** Which calls it hits; without it, all. */
const onCalls = { calls: z.array(z.enum(CALL_KINDS)).optional(), times };
/** Which types of task it hits; without it, all. */
const onTasks = { taskTypes: z.array(z.enum(TASK_TYPES)).optional(), times };

const requestFault = z.discriminatedUnion('kind', [
  /** Accepts the request and never answers. */
  z.strictObject({ kind: z.literal('hang'), ...onCalls }),
  /** Answers with this status and does nothing. */
  z.strictObject({ kind: z.literal('error'), status: z.int().min(400).max(599), ...onCalls }),
  /** Resets the connection. */
  z.strictObject({ kind: z.literal('refuse'), ...onCalls }),
  /** Takes this long before it does anything. */
  z.strictObject({ kind: z.literal('slow'), latencyMs: z.int().positive(), ...onCalls }),
  /** Does what it is asked, then resets the connection in place of an answer. */
  z.strictObject({ kind: z.literal('drop-after-effect'), ...onCalls }),
  /** 401 unless the request carries this bearer token; without one, always. */
  z.strictObject({
    kind: z.literal('unauthorized'),
    acceptedToken: z.string().optional(),
    ...onCalls,
  }),
  /** The task store on the volume cannot be used. */
  z.strictObject({ kind: z.literal('store-fails'), ...onCalls }),
]);

const taskFault = z.discriminatedUnion('kind', [
  /** Tasks fail with this error. */
  z.strictObject({ kind: z.literal('task-fails'), error: z.string(), ...onTasks }),
  /** Tasks take this long. */
  z.strictObject({ kind: z.literal('slow-task'), durationMs: z.int().positive(), ...onTasks }),
]);

export const faultsSchema = z.array(z.union([requestFault, taskFault]));

/** What the sidecar does with a request other than it should. */
export type RequestFault = Readonly<z.infer<typeof requestFault>>;

/** What a task does other than complete at once. */
export type TaskFault = Readonly<z.infer<typeof taskFault>>;

export type Fault = RequestFault | TaskFault;
