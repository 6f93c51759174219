import { eventually } from '../support/eventually.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import type { Series } from './exposition.ts';
import { parseExposition, sumOf } from './exposition.ts';

/** To be added to the environment of a process whose metrics a test reads. */
export const ANY_PORT = { SEINODE_METRICS_ADDRESS: '127.0.0.1:0' };

/** The base URL at which a process that was started with ANY_PORT serves its metrics. */
export function metricsUrl(operator: OperatorProcess): string {
  const served = /"address":"(?<address>[^"]+)","message":"metrics served"/.exec(operator.log());
  const address = served?.groups?.['address'];
  if (address === undefined) throw new Error(`no metrics are served:\n${operator.log()}`);
  return `http://${address}`;
}

export async function getText(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

export async function scrape(operator: OperatorProcess): Promise<readonly Series[]> {
  return parseExposition((await getText(`${metricsUrl(operator)}/metrics`)).text);
}

/** Waits until the sum of the series with these labels is as wanted. */
export function untilMetric(
  operator: OperatorProcess,
  name: string,
  labels: Series['labels'],
  isWanted: (sum: number | undefined) => boolean,
): Promise<void> {
  return eventually(`${name} ${JSON.stringify(labels)} is as wanted`, async () =>
    isWanted(sumOf(await scrape(operator), name, labels)),
  );
}
