import type { Intervention } from './interventions.ts';
import type { Moment } from './moments.ts';

/**
 * How many pods the operator has to delete. A roll deletes the pod that is there, if that is of another
 * image than the roll's; what somebody else has taken away it does not delete.
 */
export function podDeletions(moment: Moment, intervention: Intervention): number {
  let deletions = 0;
  let pod: string | undefined = 'the old image';
  const roll = (image: string): void => {
    if (pod !== undefined && pod !== image) deletions += 1;
    pod = image;
  };
  if (moment.isPastReplacement) roll('the bad image');
  if (intervention.endsPod) pod = undefined;
  roll(intervention.leadsTo);
  if (intervention.leadsTo === 'the bad image') roll('the corrected image');
  return deletions;
}
