/**
 * The id of the run that a history is of. A replay has to be told it: a run reads its start input against
 * its own id.
 */
export function workflowIdOf(history: unknown): string {
  const [started] = (history as RecordedHistory).events;
  return started?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
}

interface RecordedHistory {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowId?: string };
  }[];
}
