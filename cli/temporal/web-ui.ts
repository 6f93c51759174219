/** Returns the Web UI of a Temporal frontend: as set, or derived from the address. */
export function webUiOf(said: string | undefined, address: string): string | undefined {
  if (said !== undefined && said !== '') return said.replace(/\/+$/, '');
  if (/\.(tmprl\.cloud|api\.temporal\.io)(:\d+)?$/.test(address))
    return 'https://cloud.temporal.io';
  // The Web UI of a development server listens a thousand ports above.
  if (/^(localhost|127\.0\.0\.1):7233$/.test(address)) return 'http://localhost:8233';
  return undefined;
}

/** Returns the address of a workflow in the Web UI: of one of its runs, or of the latest. */
export function workflowUrl(
  webUi: string,
  namespace: string,
  workflowId: string,
  runId?: string,
): string {
  const workflow = `${webUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return runId === undefined ? workflow : `${workflow}/${encodeURIComponent(runId)}/history`;
}
