import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { stringify } from 'yaml';

import { RULES } from './alert-rules.ts';
import type { InputSeries } from './recording.ts';
import { SCRAPE_SECONDS } from './recording.ts';

/** Debian has it in its package prometheus. */
export function hasPromtool(): boolean {
  return spawnSync('promtool', ['--version']).status === 0;
}

export interface SeriesSample {
  /** As PromQL writes them, `{}` for none. */
  readonly labels: string;
  readonly value: number;
}

export interface Question {
  readonly expr: string;
  /** The number of the scrape after which it is asked. */
  readonly at: number;
  readonly answer: readonly SeriesSample[];
}

/** What promtool says of the rules: the empty string when there is nothing to complain of. */
export function checkRules(): string {
  return complaintsOf(['check', 'rules', RULES]);
}

/** What promtool says of queries that do not parse. */
export function checkQueries(queries: readonly string[]): string {
  const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
  return inFile({ groups: [{ name: 'queries', rules }] }, (file) => ['check', 'rules', file]);
}

/** What promtool says where the rules, over these series, do not answer as expected. */
export function testRules(series: readonly InputSeries[], questions: readonly Question[]): string {
  const test = {
    interval: `${SCRAPE_SECONDS}s`,
    input_series: series,
    promql_expr_test: questions.map(({ expr, at, answer }) => ({
      expr,
      eval_time: `${at * SCRAPE_SECONDS}s`,
      exp_samples: answer,
    })),
  };
  const content = { rule_files: [RULES], evaluation_interval: `${SCRAPE_SECONDS}s`, tests: [test] };
  return inFile(content, (file) => ['test', 'rules', file]);
}

function inFile(content: object, args: (file: string) => readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'seinode-rules-'));
  try {
    const file = path.join(folder, 'input.yaml');
    writeFileSync(file, stringify(content, { lineWidth: 0 }));
    return complaintsOf(args(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function complaintsOf(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
