/** A condition under which a process does its work. */
export interface ReadinessFact {
  /** Short, for people: `caches`, `pollers`. */
  readonly name: string;
  /** Undefined while it holds; otherwise the reason why it does not. */
  readonly failing: () => string | undefined;
  /** A remark for people while it holds, if there is one. */
  readonly remark?: () => string | undefined;
}

export interface Readiness {
  readonly isReady: boolean;
  /** One line for each fact, as Kubernetes' own health endpoints write them. */
  readonly lines: readonly string[];
}

/** Says whether a process does its work: neither before it serves, nor once it drains. */
export interface Health {
  /** Makes the process ready from now on, whenever all of these hold. */
  serve(facts: readonly ReadinessFact[]): void;
  /** Makes the process unready for good. */
  drain(): void;
  readiness(): Readiness;
}

export function createHealth(): Health {
  let facts: readonly ReadinessFact[] = [{ name: 'started', failing: () => 'starting' }];
  return {
    serve: (served) => {
      facts = served;
    },
    drain: () => {
      facts = [{ name: 'serving', failing: () => 'draining' }];
    },
    readiness: () => {
      const findings = facts.map((fact) => ({ ...fact, reason: fact.failing() }));
      return {
        isReady: findings.every(({ reason }) => reason === undefined),
        lines: findings.map(({ name, reason, remark }) =>
          reason === undefined ? okLine(name, remark?.()) : `[-]${name} failed: ${reason}`,
        ),
      };
    },
  };
}

function okLine(name: string, remark: string | undefined): string {
  return remark === undefined ? `[+]${name} ok` : `[+]${name} ok (${remark})`;
}
