/** The operator's two processes, by the names that metrics and traces have for them. */
export type Component = 'worker' | 'watcher';
