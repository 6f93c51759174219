import { statusText } from '../domain/node/status-text.ts';

/** The reason why the sidecar did not do its task. Any of them may be over at the next attempt. */
export type SidecarFailure =
  /** Nothing listens at the address: the pod is starting, or kube-rbac-proxy is. */
  | { readonly kind: 'refused' }
  /** The network has no way to the address, or the connection broke. */
  | { readonly kind: 'unreachable' }
  /** No token could be had, and nothing was sent. */
  | { readonly kind: 'no-token' }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  /** The sidecar answered with an unexpected status. */
  | { readonly kind: 'http'; readonly status: number };

export class SidecarError extends Error {
  override readonly name = 'SidecarError';
  readonly failure: SidecarFailure;

  constructor(failure: SidecarFailure, message: string, options?: ErrorOptions) {
    // The message quotes a container that runs anything in its image, so its text is cleaned.
    super(statusText(message), options);
    this.failure = failure;
  }
}
