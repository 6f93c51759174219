import { readFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

const FILE = path.join(import.meta.dirname, '../../../deploy/monitoring/seinode-dashboard.json');

const datasource = z.strictObject({ type: z.string(), uid: z.string() });

const panel = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string(),
  gridPos: z.strictObject({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
  datasource: datasource.optional(),
  fieldConfig: z
    .object({
      defaults: z.object({ unit: z.string().optional() }),
      overrides: z.array(z.unknown()),
    })
    .optional(),
  targets: z
    .array(z.object({ refId: z.string(), expr: z.string(), datasource: datasource.optional() }))
    .default([]),
});

export type Panel = Readonly<z.infer<typeof panel>>;

/** What is read here of Grafana's classic dashboard model. */
export const dashboard = z
  .object({
    id: z.null().optional(),
    uid: z.string(),
    title: z.string(),
    schemaVersion: z.int(),
    templating: z.object({
      list: z.array(z.object({ name: z.string(), type: z.string(), query: z.unknown() })),
    }),
    annotations: z.object({ list: z.array(z.object({ datasource, expr: z.string() })) }),
    panels: z.array(panel),
  })
  .parse(JSON.parse(readFileSync(FILE, 'utf8')));

/** Each query of a panel, with what shows it. */
export const QUERIES: readonly (readonly [shownBy: string, expr: string])[] =
  dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, expr }) => [`${title} ${refId}`, expr] as const),
  );

/** The query as Prometheus takes it: Grafana puts a duration in place of its variable. */
export function queryWithin(expr: string, interval: string): string {
  return expr.replaceAll('$__rate_interval', interval);
}
