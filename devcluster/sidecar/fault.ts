import { z } from 'zod';

import { CALL_KINDS } from './sidecar-call.ts';
import { TASK_TYPES } from './task.ts';

/** The number of requests, or runs of a task, that a fault hits before it is over; without it, all. */
const times = z.int().positive().optional();
/** The calls that a fault hits; without them, all. */
const onCalls = { calls: z.array(z.enum(CALL_KINDS)).optional(), times };
/** The types of task that a fault hits; without them, all. */
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
  /** Answers 401 unless the request carries this bearer token; without a token here, always. */
  z.strictObject({
    kind: z.literal('unauthorized'),
    acceptedToken: z.string().optional(),
    ...onCalls,
  }),
  /** Makes the task store on the volume unusable. */
  z.strictObject({ kind: z.literal('store-fails'), ...onCalls }),
]);

const taskFault = z.discriminatedUnion('kind', [
  /** Makes tasks fail with this error. */
  z.strictObject({ kind: z.literal('task-fails'), error: z.string(), ...onTasks }),
  /** Makes tasks take this long. */
  z.strictObject({ kind: z.literal('slow-task'), durationMs: z.int().positive(), ...onTasks }),
]);

export const faultsSchema = z.array(z.union([requestFault, taskFault]));

/** A fault that changes what the sidecar does with a request. */
export type RequestFault = Readonly<z.infer<typeof requestFault>>;

/** A fault that changes how a task runs, which otherwise completes at once. */
export type TaskFault = Readonly<z.infer<typeof taskFault>>;

export type Fault = RequestFault | TaskFault;
