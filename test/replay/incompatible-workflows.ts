import { sleep } from '@temporalio/workflow';

/** Has the name of the real one and waits where that one begins. */
export async function nodeUpdate(): Promise<void> {
  await sleep('1 minute');
}
