import { SEI_NODE_VERSION } from '../../domain/node/sei-node.ts';
import { ApiError } from '../../kubernetes/api/api-error.ts';
import { classifyApiError, isNotServed, TransportError } from '../../kubernetes/api/errors.ts';
import { InvalidSpecError } from '../../manifests/invalid-spec.ts';
import { UserError } from '../../settings/user-error.ts';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';

export interface Explanation {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/**
 * Says in one sentence what went wrong and what to do about it.
 *
 * @param server the address of the API server, once that is known
 */
export function explainError(err: unknown, server: string | undefined): Explanation {
  if (err instanceof CliError) return { message: err.message, exitCode: err.exitCode };
  if (err instanceof UserError) return { message: err.message, exitCode: ExitCode.usage };
  if (err instanceof InvalidSpecError) return { message: err.message, exitCode: ExitCode.failed };
  const at = server === undefined ? 'Kubernetes' : `Kubernetes at ${server}`;
  if (err instanceof TransportError) {
    const remedy = 'check --context and KUBECONFIG, and that the API server is up';
    return {
      message: `cannot reach ${at}: ${withoutUrl(err.message)}; ${remedy}`,
      exitCode: ExitCode.unreachable,
    };
  }
  if (err instanceof ApiError) return explainRefusal(err, at);
  const message = err instanceof Error ? err.message : String(err);
  return { message: `${message} (--debug shows where)`, exitCode: ExitCode.failed };
}

function explainRefusal(err: ApiError, at: string): Explanation {
  const { kind, message } = classifyApiError(err);
  switch (kind) {
    case 'forbidden':
      return {
        message: `${message}; have that right granted to you, or use another --context`,
        exitCode: ExitCode.failed,
      };
    case 'unauthorized':
      return {
        message: `${at} does not accept these credentials; log in again, or use another --context`,
        exitCode: ExitCode.failed,
      };
    case 'invalid':
      return { message: `${at} refuses that: ${message}`, exitCode: ExitCode.failed };
    case 'unavailable':
      // Of the resources that this program reads, only SeiNodes may be missing from a cluster.
      return isNotServed(err)
        ? {
            message: `${at} does not serve SeiNodes of version ${SEI_NODE_VERSION}; install the CRD of this version: kubectl apply -f deploy/crd`,
            exitCode: ExitCode.failed,
          }
        : {
            message: `${at} is not available: ${message}; try again, and check the API server`,
            exitCode: ExitCode.unreachable,
          };
    case 'tooManyRequests':
      return {
        message: `${at} is overloaded: ${message}; try again later`,
        exitCode: ExitCode.unreachable,
      };
    case 'notFound':
    case 'conflict':
    case 'alreadyExists':
    case 'gone':
    case 'other':
      return { message: `${at} answered: ${message}`, exitCode: ExitCode.failed };
  }
}

/** Drops the address from `GET https://host:6443/version: connect ...`: the sentence names the server already. */
function withoutUrl(message: string): string {
  return message.replace(/^[A-Z]+ \S+: /, '');
}
