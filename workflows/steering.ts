import { ApplicationFailure, setHandler } from '@temporalio/workflow';

import { assertNever } from '../domain/assert-never.ts';
import type { Command, CommandKind, SteeringInput, SteeringResult } from '../domain/steering.ts';
import { commandOf } from '../domain/steering.ts';
import {
  pauseSignal,
  pauseUpdate,
  resumeSignal,
  resumeUpdate,
  retrySignal,
  retryUpdate,
  rollbackSignal,
  rollbackUpdate,
} from './messages.ts';

interface PendingCommand {
  readonly command: Command;
  readonly answer: (result: SteeringResult) => void;
}

const DESCRIPTIONS: Readonly<Record<CommandKind, string>> = {
  pause:
    'Hold the node: nothing is written until resume; its pod keeps serving. { "reason": "...", "actor": "..." }',
  resume: 'Lift the hold and go on. { "reason": "...", "actor": "..." }',
  retry:
    'Try now what has failed, or what waits for its next attempt; ends a rollback. { "reason": "...", "actor": "..." }',
  rollback:
    'Go back to the image that ran before the one in spec, until spec.image changes. { "reason": "...", "actor": "..." }',
};

/**
 * What people and tools ask of the run. Commands are queued here, and carried out one after the other
 * by the run's own sequence, between two writes.
 */
export class Steering {
  /** Whether the node is held; undefined until this run has read or written it. */
  held: boolean | undefined;
  readonly #pending: PendingCommand[] = [];

  constructor() {
    this.#handle('pause', pauseSignal, pauseUpdate);
    this.#handle('resume', resumeSignal, resumeUpdate);
    this.#handle('retry', retrySignal, retryUpdate);
    this.#handle('rollback', rollbackSignal, rollbackUpdate);
  }

  get hasCommand(): boolean {
    return this.#pending.length > 0;
  }

  /** Queues a command of the run itself. */
  add(command: Command): void {
    this.#pending.push({ command, answer: () => undefined });
  }

  /** Carries out what is queued, in the order in which it was asked for. */
  async carryOut(steer: (command: Command) => Promise<SteeringResult>): Promise<void> {
    for (;;) {
      const next = this.#pending[0];
      if (next === undefined) return;
      const result = await steer(next.command);
      if (result.kind === 'done') this.#remember(next.command.kind);
      this.#pending.shift();
      next.answer(result);
    }
  }

  #remember(kind: CommandKind): void {
    switch (kind) {
      case 'pause':
        this.held = true;
        return;
      case 'resume':
        this.held = false;
        return;
      case 'retry':
      case 'rollback':
        return;
      default:
        assertNever(kind);
    }
  }

  #handle(kind: CommandKind, signal: typeof pauseSignal, update: typeof pauseUpdate): void {
    const description = DESCRIPTIONS[kind];
    setHandler(signal, (input) => this.add(commandOf(kind, input)), { description });
    setHandler(
      update,
      async (input?: SteeringInput) => {
        const result = await new Promise<SteeringResult>((answer) => {
          this.#pending.push({ command: commandOf(kind, input), answer });
        });
        if (result.kind === 'done') return result.message;
        throw ApplicationFailure.nonRetryable(result.message, 'Refused');
      },
      { description, validator: (input?: SteeringInput) => this.#validate(kind, input) },
    );
  }

  /** Refuses, before it enters the history, what makes no sense now. */
  #validate(kind: CommandKind, input: SteeringInput | undefined): void {
    if (input !== undefined && (typeof input !== 'object' || input === null)) {
      throw new Error(`${kind} takes an object { "reason": "...", "actor": "..." } or nothing`);
    }
  }
}
