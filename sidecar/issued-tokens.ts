import type { SidecarTokens } from './sidecar-tokens.ts';

export interface IssuedToken {
  readonly token: string;
  /** Counts from the request. */
  readonly lifetimeSeconds: number;
}

interface KeptToken {
  readonly issued: Promise<IssuedToken>;
  /** Undefined until the token has come. */
  renewAtMs: number | undefined;
}

/** A call takes ten seconds at most: with a quarter of a token's ten minutes left, none expires on its way. */
const USED_SHARE = 0.75;

/**
 * Requests a token once for each audience, and again before it expires. Calls that need the same token at
 * the same time wait for one answer.
 *
 * @param issue one request, which may fail; the next call tries again
 * @param nowMs a clock that does not jump
 */
export function createIssuedTokens(
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
      // The token of a node that is gone would otherwise stay for ever.
      forgetEnded();
      const { issued } = kept.get(audience) ?? ask(audience);
      return (await issued).token;
    },
    refused: (audience) => {
      // Somebody may have deleted the account and made another of its name, which ends all tokens of the first.
      kept.delete(audience);
    },
  };
}
