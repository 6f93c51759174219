/** The operator's two processes, by their names in metrics and traces. */
export type Component = 'worker' | 'watcher';
