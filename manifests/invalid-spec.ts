import type { ObjectKey } from '../domain/node/node-ref.ts';
import { keyOf } from '../domain/node/node-ref.ts';

export interface SpecProblem {
  readonly node: ObjectKey;
  /** The path of the field, such as `spec.chainId`. */
  readonly field: string;
  /** The value of that field, as text. */
  readonly value: string;
  readonly reason: string;
  readonly remedy: string;
}

/**
 * A spec that cannot be rendered. The CRD refuses such specs, but an object may be older than the rule, and
 * a cluster may carry another CRD. Only a changed spec fixes it, never a retry.
 */
export class InvalidSpecError extends Error {
  override readonly name = 'InvalidSpecError';
  readonly field: string;
  readonly value: string;
  readonly remedy: string;

  constructor(problem: SpecProblem) {
    const { node, field, value, reason, remedy } = problem;
    super(`SeiNode ${keyOf(node)}: ${field} is ${value}: ${reason}; ${remedy}`);
    this.field = field;
    this.value = value;
    this.remedy = remedy;
  }
}
