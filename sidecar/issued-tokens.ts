import type { SidecarTokens } from './sidecar-tokens.ts';

export interface IssuedToken {
  readonly token: string;
  /** From when it was asked for. */
  readonly lifetimeSeconds: number;
}

interface KeptToken {
  readonly issued: Promise<IssuedToken>;
  /** Undefined until it has come. */
  renewAtMs: number | undefined;
}

/** A call takes ten seconds at most: with a quarter of its ten minutes left, no token ends on its way. */
const USED_SHARE = 0.75;

/**
 * Tokens that are asked for once for each audience, and again before they end. Calls that need the same one
 * at a time wait for one answer.
 *
 * @param issue one request, which may fail; the next call tries again
 * @param nowMs a clock that does not jump
 */
export function issuedTokens(
  issue: (audience: string | undefined) => Promise<IssuedToken>,
  nowMs: () => number,
): SidecarTokens {
  const kept = new Map<string | undefined, KeptToken>();

  const forgetEnded = (): void => {
    for (const [audience, { renewAtMs }] of kept) {
      if (renewAtMs !== undefined && renewAtMs <= nowMs()) kept.delete(audience);
    }
  };

  const ask = (audience: string | undefined): KeptToken => {
    const askedMs = nowMs();
    const entry: KeptToken = { issued: issue(audience), renewAtMs: undefined };
    kept.set(audience, entry);
    entry.issued.then(
      ({ lifetimeSeconds }) => {
        entry.renewAtMs = askedMs + lifetimeSeconds * 1_000 * USED_SHARE;
      },
      () => {
        if (kept.get(audience) === entry) kept.delete(audience);
      },
    );
    return entry;
  };

  return {
    tokenFor: async (audience) => {
      // A node that is gone would otherwise be remembered for ever.
      forgetEnded();
      const { issued } = kept.get(audience) ?? ask(audience);
      return (await issued).token;
    },
    refused: (audience) => {
      // Its account may have been made anew, which ends all tokens of the one before.
      kept.delete(audience);
    },
  };
}
