import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { stringify } from 'yaml';
import { z } from 'zod';

import { RULES } from './alert-rules.ts';

/** Debian has it in its package of that name. */
const PROGRAM = 'prometheus';

export function hasPrometheus(): boolean {
  return spawnSync(PROGRAM, ['--version']).status === 0;
}

/** One sample of an instant query's answer. */
export interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where there is nothing to compute from. */
  readonly value: number;
}

export interface RuleState {
  readonly name: string;
  /** `unknown` before the first evaluation, then `ok`, or `err` with a reason. */
  readonly health: string;
  readonly state: string;
  readonly lastError?: string | undefined;
}

/** A Prometheus of its own on this machine, which evaluates the shipped rules. */
export interface Prometheus {
  /** @throws with Prometheus' own words when the query is refused */
  query(expr: string): Promise<readonly Answer[]>;
  rules(): Promise<readonly RuleState[]>;
  /** What it has logged so far. */
  log(): string;
  close(): Promise<void>;
}

const sample = z.tuple([z.number(), z.string()]);
const queryAnswer = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample })),
  }),
});
const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            name: z.string(),
            health: z.string(),
            state: z.string(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});

/** As it names the address that the system has chosen. */
const LISTENING = /msg="Listening on".* address=(?<address>127\.0\.0\.1:\d+)/;

/** @param targets the addresses to scrape, `HOST:PORT`, each second */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'seinode-prometheus-'));
  const configFile = path.join(folder, 'prometheus.yaml');
  await writeFile(configFile, stringify(configFor(targets)));
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Our own end takes it along, also where a test run is broken off.
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = once(child, 'close');
  let log = '';
  const address = new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      log += `${line}\n`;
      const found = LISTENING.exec(line)?.groups?.['address'];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(`Prometheus ended:\n${log}`)));
  });
  const url = `http://${await address}`;
  return {
    query: async (expr) => {
      const found = await ask(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
      return queryAnswer.parse(found).data.result.map(({ metric, value: [, value] }) => ({
        labels: metric,
        value: Number(value),
      }));
    },
    rules: async () =>
      rulesAnswer
        .parse(await ask(`${url}/api/v1/rules`))
        .data.groups.flatMap((group) => group.rules),
    log: () => log,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', endWithUs);
      await rm(folder, { recursive: true });
    },
  };
}

function configFor(targets: readonly string[]) {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [RULES],
    scrape_configs: [{ job_name: 'seinode', static_configs: [{ targets }] }],
  };
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
