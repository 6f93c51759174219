import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { TaskRun } from '../../../devcluster/sidecar/sidecar-process.ts';
import type { SidecarClient, SidecarTarget } from '../../../sidecar/sidecar-client.ts';

/** The sidecar of one pod under test; no task was ever submitted to it. */
export interface SidecarSubject {
  readonly client: SidecarClient;
  readonly target: SidecarTarget;
  /** Makes every task that begins from now on run like this. */
  readonly setRuns: (run: TaskRun) => Promise<void>;
  /** Ends the process, and starts another one in the same pod. */
  readonly restart: () => Promise<void>;
}

const COMPLETES: TaskRun = { durationMs: 0, error: undefined };
const FAILS: TaskRun = { durationMs: 0, error: 'no disk' };
/** Runs beyond the end of any test. */
const KEEPS_RUNNING: TaskRun = { durationMs: 86_400_000, error: undefined };

/**
 * Holds a sidecar to the traps that the activities have to know: the simulated one over HTTP, and the double that the
 * unit tests ask in process, which thereby cannot be kinder unnoticed.
 */
export function sidecarContract(open: () => Promise<SidecarSubject>): void {
  /** Opens the subject, and returns the calls about one task. */
  async function opened() {
    const subject = await open();
    const { client, target } = subject;
    const id = randomUUID();
    return {
      ...subject,
      submit: (type = 'mark-ready') => client.submitTask({ ...target, id, type }),
      task: () => client.getTask({ ...target, id }),
      health: () => client.healthz(target),
    };
  }

  describe('the gate', () => {
    it('is closed until mark-ready has completed', async () => {
      const { health, submit } = await opened();
      expect(await health()).toBe('not-ready');
      await submit();
      expect(await health()).toBe('ready');
    });

    it('is not opened by another task, nor by one that fails or runs', async () => {
      const { client, health, setRuns, submit, target } = await opened();
      await submit('config-apply');
      for (const run of [FAILS, KEEPS_RUNNING]) {
        await setRuns(run);
        await client.submitTask({ ...target, id: randomUUID(), type: 'mark-ready' });
      }
      expect(await health()).toBe('not-ready');
    });

    it('closes with a restart, and an id that has completed does not open it', async () => {
      const { health, restart, submit, task } = await opened();
      await submit();
      await restart();
      await submit();
      expect(await health()).toBe('not-ready');
      expect(await task()).toMatchObject({ status: 'completed', run: 1 });
    });
  });

  describe('a task', () => {
    it('is not known before it is submitted', async () => {
      const { task } = await opened();
      expect(await task()).toBeUndefined();
    });

    it('of a type that the sidecar does not know is refused', async () => {
      const { submit, task } = await opened();
      await expect(submit('make-coffee')).rejects.toMatchObject({
        failure: { kind: 'http', status: 400 },
      });
      expect(await task()).toBeUndefined();
    });

    it('that runs is accepted without being begun again', async () => {
      const { setRuns, submit, task } = await opened();
      await setRuns(KEEPS_RUNNING);
      await submit();
      await submit();
      expect(await task()).toMatchObject({ type: 'mark-ready', status: 'running', run: 1 });
    });

    it('that has failed says why, and is begun again under its id', async () => {
      const { health, setRuns, submit, task } = await opened();
      await setRuns(FAILS);
      await submit();
      expect(await task()).toMatchObject({ status: 'failed', run: 1, error: 'no disk' });
      await setRuns(COMPLETES);
      await submit();
      expect(await task()).toMatchObject({ status: 'completed', run: 2, error: undefined });
      expect(await health()).toBe('ready');
    });

    it('that runs is taken up by the process that comes next', async () => {
      const { health, restart, setRuns, submit, task } = await opened();
      await setRuns(KEEPS_RUNNING);
      await submit();
      await setRuns(COMPLETES);
      await restart();
      expect(await health()).toBe('ready');
      expect(await task()).toMatchObject({ status: 'completed', run: 1 });
    });
  });
}
