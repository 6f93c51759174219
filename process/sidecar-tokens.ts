import type { ObjectKey } from '../domain/node/node-ref.ts';
import type { KubernetesConnection } from '../kubernetes/api/client.ts';
import { classifyApiError } from '../kubernetes/api/errors.ts';
import { requestToken } from '../kubernetes/api/token-request.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { UserError } from '../settings/user-error.ts';
import type { IssuedToken } from '../sidecar/issued-tokens.ts';
import { createIssuedTokens } from '../sidecar/issued-tokens.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import type { SidecarTokens } from '../sidecar/sidecar-tokens.ts';
import { createFileTokens } from '../sidecar/sidecar-tokens.ts';

/** An audience that opens nothing: no pod has it. */
const TRIAL_AUDIENCE = 'trial.seinodetasks.sei.io';

/**
 * Returns the tokens for calls to sidecars, as the settings say; undefined if they name none. Asks the
 * account for one token at once, so that a process that cannot get any says so at its start.
 *
 * @throws {UserError} if the settings name two sources, or the account gives no tokens
 */
export async function createSidecarTokens(
  { sidecarAccount, sidecarTokenFile }: SidecarTokenSettings,
  connection: Pick<KubernetesConnection, 'send' | 'namespace'>,
): Promise<SidecarTokens | undefined> {
  if (sidecarAccount !== undefined && sidecarTokenFile !== undefined) {
    throw new UserError(
      'SEINODE_SIDECAR_ACCOUNT and SEINODE_SIDECAR_TOKEN_FILE are both set; unset the file, unless a gateway in front of the sidecars asks for a token of its own',
    );
  }
  if (sidecarTokenFile !== undefined) return createFileTokens(sidecarTokenFile);
  if (sidecarAccount === undefined) return undefined;
  const account = accountOf(sidecarAccount, connection.namespace);
  const issue = issuerOf(connection, account);
  await tryAtStart(issue);
  return createIssuedTokens(issue, () => performance.now());
}

type SidecarTokenSettings = Pick<OperatorSettings, 'sidecarAccount' | 'sidecarTokenFile'>;

/** @param text `NAMESPACE/NAME`, or a name in our own namespace. */
function accountOf(text: string, ownNamespace: string): ObjectKey {
  const [first = '', second] = text.split('/');
  return second === undefined
    ? { namespace: ownNamespace, name: first }
    : { namespace: first, name: second };
}

type Issue = (audience: string | undefined) => Promise<IssuedToken>;

function issuerOf(connection: Pick<KubernetesConnection, 'send'>, account: ObjectKey): Issue {
  return async (audience) => {
    try {
      return await requestToken(connection, account, audience);
    } catch (err) {
      const { kind, message } = classifyApiError(err);
      const remedy = remedyFor(kind, account);
      if (remedy === undefined) throw err;
      throw new SidecarError(
        { kind: 'no-token' },
        `no token for the sidecars: ${message}; ${remedy}`,
        { cause: err },
      );
    }
  };
}

/** Returns undefined for a failure that ends without help, like an API server that does not answer. */
function remedyFor(
  kind: ReturnType<typeof classifyApiError>['kind'],
  { namespace, name }: ObjectKey,
): string | undefined {
  switch (kind) {
    case 'notFound':
      return `create ServiceAccount ${name} in namespace ${namespace} (deploy/base/sidecar-client.yaml), or name another in SEINODE_SIDECAR_ACCOUNT`;
    case 'forbidden':
    case 'invalid':
      return `let this process create serviceaccounts/token of ${name} in namespace ${namespace} (deploy/base/sidecar-client.yaml)`;
    case 'alreadyExists':
    case 'conflict':
    case 'gone':
    case 'other':
    case 'tooManyRequests':
    case 'unauthorized':
    case 'unavailable':
      return undefined;
  }
}

async function tryAtStart(issue: Issue): Promise<void> {
  try {
    await issue(TRIAL_AUDIENCE);
  } catch (err) {
    if (err instanceof SidecarError) throw new UserError(err.message, { cause: err });
    // The next call to a sidecar asks for it again.
  }
}
