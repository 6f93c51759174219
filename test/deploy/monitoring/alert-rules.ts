import { readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

export const RULES = path.join(
  import.meta.dirname,
  '../../../deploy/monitoring/seinode-rules.yaml',
);

/** The alerts of the rule file. */
export const alertRules = z
  .object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) }),
    ),
  })
  .parse(parse(readFileSync(RULES, 'utf8')))
  .groups.flatMap((group) => group.rules);
