import type { V1Pod } from '@kubernetes/client-node';

import { refusal } from './refusals.ts';

/** Stands between the controllers and a new pod: quotas, LimitRanges, policies. */
export class Admission {
  /** The words that refuse every pod. */
  refusesPods: string | undefined;

  /** @throws 403 */
  of({ metadata }: Pick<V1Pod, 'metadata'>): void {
    if (this.refusesPods === undefined) return;
    const name = metadata?.name ?? '';
    const message = `pods "${name}" is forbidden: ${this.refusesPods}`;
    throw refusal({ code: 403, reason: 'Forbidden', message, name });
  }
}
