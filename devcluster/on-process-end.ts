import { messageOf } from './message-of.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const tasks = new Set<() => void>();

/**
 * Runs a synchronous task when this process ends: on its own, by an uncaught error, or by a signal for which nobody
 * else has a handler. A program with handlers of its own decides when to exit.
 *
 * @returns a function that drops the task
 */
export function onProcessEnd(task: () => void): () => void {
  if (tasks.size === 0) listen();
  tasks.add(task);
  return () => {
    if (tasks.delete(task) && tasks.size === 0) ignore();
  };
}

function listen(): void {
  process.on('exit', runTasks);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function ignore(): void {
  process.off('exit', runTasks);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function runTasks(): void {
  for (const task of tasks) {
    try {
      task();
    } catch (err) {
      // The other tasks have to run too, and nobody is left to catch the error.
      process.stderr.write(`${messageOf(err)}\n`);
    }
  }
  tasks.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  runTasks();
  ignore();
  // Ends the process as if it had never listened, so that the caller sees the signal.
  process.kill(process.pid, signal);
}
