/** What a controller, the scheduler or a kubelet said about one object, as far as decisions go. */
export interface ObjectEvent {
  /** Whether it tells of something that went wrong. */
  readonly isWarning: boolean;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339: when it was said first, and last. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** The object whose Events say what a wait waits for: no status shows why a pod is not made. */
export interface EventSubject {
  readonly kind: 'StatefulSet' | 'Pod';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}
