import { statusText } from '../domain/status-text.ts';

/** Why the sidecar did not do what it was asked to do. All of it may be over at the next attempt. */
export type SidecarFailure =
  /** Nothing listens at the address: the pod is starting, or kube-rbac-proxy is. */
  | { readonly kind: 'refused' }
  /** No way to the address, or the connection broke. */
  | { readonly kind: 'unreachable' }
  /** There is no token to send, and nothing was sent. */
  | { readonly kind: 'no-token' }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** It answered, but not with what was asked for. */
  | { readonly kind: 'http'; readonly status: number };

export class SidecarError extends Error {
  override readonly name = 'SidecarError';
  readonly failure: SidecarFailure;

  constructor(failure: SidecarFailure, message: string, options?: ErrorOptions) {
    // What it quotes is of a container that runs whatever its image holds.
    super(statusText(message), options);
    this.failure = failure;
  }
}
