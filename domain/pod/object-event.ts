/** The fields of a Kubernetes Event about one object that decisions are made from. */
export interface ObjectEvent {
  /** True if it reports something that went wrong. */
  readonly isWarning: boolean;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339: when it was reported first, and last. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** The object whose Events explain why a step has to wait: no status shows why a pod is not made. */
export interface EventSubject {
  readonly kind: 'StatefulSet' | 'Pod';
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}
