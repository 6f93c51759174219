import { ApplicationFailure, log, setHandler } from '@temporalio/workflow';

import { assertNever } from '../domain/assert-never.ts';
import type {
  Command,
  CommandKind,
  SteeringInput,
  SteeringResult,
} from '../domain/plan/steering.ts';
import { MOST_COMMANDS } from '../domain/plan/steering.ts';
import { readCommand } from '../domain/run/read-command.ts';
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
  /** Undefined if nobody waits for it. */
  readonly answer: ((result: SteeringResult) => void) | undefined;
}

type Steer = (command: Command) => Promise<SteeringResult>;

const DESCRIPTIONS: Readonly<Record<CommandKind, string>> = {
  pause:
    'Hold the node: its template, pod and claims are left alone until resume; the pod keeps serving. { "reason": "...", "actor": "..." }',
  resume: 'Lift the hold and go on. { "reason": "...", "actor": "..." }',
  retry:
    'Try now what has failed, or what waits for its next attempt; ends a rollback. { "reason": "...", "actor": "..." }',
  rollback:
    'Go back to the image that ran before the one in spec, until spec.image changes. { "reason": "...", "actor": "..." }',
};

/**
 * Queues the commands of people and tools. The run's own sequence carries them out one after the other, between two
 * writes.
 */
export class Steering {
  /** True if the node is held; undefined until this run has read or written it. */
  held: boolean | undefined;
  readonly #pending: PendingCommand[];
  readonly #isHandingOver: () => boolean;

  /**
   * @param left the commands that the run before has left to this one
   * @param isHandingOver returns whether the next run is to carry out commands that come now
   */
  constructor(left: readonly Command[] | undefined, isHandingOver: () => boolean) {
    this.#pending = (left ?? []).map((command) => ({ command, answer: undefined }));
    this.#isHandingOver = isHandingOver;
    this.#handle('pause', pauseSignal, pauseUpdate);
    this.#handle('resume', resumeSignal, resumeUpdate);
    this.#handle('retry', retrySignal, retryUpdate);
    this.#handle('rollback', rollbackSignal, rollbackUpdate);
  }

  get hasCommand(): boolean {
    return this.#pending.length > 0;
  }

  /** The queued commands. */
  get left(): readonly Command[] {
    return this.#pending.map(({ command }) => command);
  }

  /**
   * Carries out the queued commands in their order, until the run hands over: each command is some events of the
   * history, and a stream of commands has no end.
   */
  async carryOut(steer: Steer): Promise<void> {
    while (!this.#isHandingOver() && this.hasCommand) await this.#carryOutNext(steer);
  }

  /** Carries out commands until nobody waits for one. Updates are refused meanwhile. */
  async answerAll(steer: Steer): Promise<void> {
    while (this.#pending.some(({ answer }) => answer !== undefined)) {
      await this.#carryOutNext(steer);
    }
  }

  /** Answers everybody who waits: there is nothing left to steer. */
  refuseAll(message: string): void {
    for (const { answer } of this.#pending.splice(0)) answer?.({ kind: 'refused', message });
  }

  async #carryOutNext(steer: Steer): Promise<void> {
    const [next] = this.#pending;
    if (next === undefined) return;
    const result = await steer(next.command);
    if (result.kind === 'done') this.#remember(next.command.kind);
    this.#pending.shift();
    next.answer?.(result);
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
    setHandler(signal, (input) => this.#receive(kind, input), { description });
    setHandler(
      update,
      async (input?: SteeringInput) => {
        const result = await this.#ask(kind, input);
        if (result.kind === 'done') return result.message;
        throw ApplicationFailure.nonRetryable(result.message, 'Refused');
      },
      { description, validator: (input?: SteeringInput) => this.#validate(kind, input) },
    );
  }

  /** Nobody waits for an answer to a signal, so only the log shows a command that cannot be carried out. */
  #receive(kind: CommandKind, input: unknown): void {
    const read = readCommand(kind, input);
    const why = read.kind === 'misfit' ? read.why : this.#refusalOfMore();
    if (read.kind === 'fits' && why === undefined) {
      this.#pending.push({ command: read.value, answer: undefined });
    } else log.warn(`ignored the signal \`${kind}\``, { why });
  }

  async #ask(kind: CommandKind, input: unknown): Promise<SteeringResult> {
    const read = readCommand(kind, input);
    if (read.kind === 'misfit') return { kind: 'refused', message: read.why };
    return new Promise((answer) => {
      this.#pending.push({ command: read.value, answer });
    });
  }

  /** Refuses a command that makes no sense now, before it enters the history. */
  #validate(kind: CommandKind, input: unknown): void {
    const read = readCommand(kind, input);
    const why = read.kind === 'misfit' ? read.why : this.#refusalOfMore();
    if (why !== undefined) throw new Error(why);
    if (this.#isHandingOver()) {
      throw new Error('the run hands over to its next: send it again in a moment');
    }
  }

  #refusalOfMore(): string | undefined {
    return this.#pending.length < MOST_COMMANDS
      ? undefined
      : `${MOST_COMMANDS} commands wait already: send it again when they are carried out`;
  }
}
