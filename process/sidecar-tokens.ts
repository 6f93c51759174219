import type { ObjectKey } from '../domain/node-ref.ts';
import type { KubernetesConnection } from '../kubernetes/api/client.ts';
import { classifyApiError } from '../kubernetes/api/errors.ts';
import { requestToken } from '../kubernetes/api/token-request.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { UserError } from '../settings/user-error.ts';
import type { IssuedToken } from '../sidecar/issued-tokens.ts';
import { issuedTokens } from '../sidecar/issued-tokens.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import type { SidecarTokens } from '../sidecar/sidecar-tokens.ts';
import { fileTokens } from '../sidecar/sidecar-tokens.ts';

/** Opens nothing: it is for no pod. */
const TRIAL_AUDIENCE = 'trial.seinodetasks.sei.io';

/**
 * The tokens that calls to sidecars carry, as the settings say; undefined where they name none. An account is
 * asked for a token once, so that a process that will not get any says so at its start.
 *
 * @throws {UserError} when the settings name two sources, or the account will not give tokens
 */
export async function sidecarTokens(
  { sidecarAccount, sidecarTokenFile }: SidecarTokenSettings,
  connection: Pick<KubernetesConnection, 'send' | 'namespace'>,
): Promise<SidecarTokens | undefined> {
  if (sidecarAccount !== undefined && sidecarTokenFile !== undefined) {
    throw new UserError(
      'SEINODE_SIDECAR_ACCOUNT and SEINODE_SIDECAR_TOKEN_FILE are both set; unset the file, unless a gateway in front of the sidecars asks for a token of its own',
    );
  }
  if (sidecarTokenFile !== undefined) return fileTokens(sidecarTokenFile);
  if (sidecarAccount === undefined) return undefined;
  const account = accountOf(sidecarAccount, connection.namespace);
  const issue = issuerOf(connection, account);
  await triedAtStart(issue);
  return issuedTokens(issue, () => performance.now());
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

/** Undefined for what is over by itself, like an API server that does not answer. */
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

async function triedAtStart(issue: Issue): Promise<void> {
  try {
    await issue(TRIAL_AUDIENCE);
  } catch (err) {
    if (err instanceof SidecarError) throw new UserError(err.message, { cause: err });
    // It is asked for again when a sidecar is called.
  }
}
