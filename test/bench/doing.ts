import { progressOn } from '../../devcluster/progress.ts';

/** Standard output has the table alone. */
export const progress = progressOn(process.stderr);

/** Shows what goes on, such as `Counting requests`, for as long as it takes. */
export async function doing<T>(what: string, work: () => Promise<T>): Promise<T> {
  const activity = progress.start(what);
  try {
    const result = await work();
    activity.end();
    return result;
  } catch (err) {
    activity.end('failed');
    throw err;
  }
}
