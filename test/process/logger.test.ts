import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { expect, it } from 'vitest';

const LOGGER = path.join(import.meta.dirname, '..', '..', 'process', 'logger.ts');

/** A text that any object of the cluster may hold. */
const HOSTILE = 'a\u001B]0;title\u0007\u009B2J\u202Eb\u2028c\u200Bd';

it('writes lines that a terminal cannot obey, and that hold what was logged', () => {
  const script = `
    const { createLogger } = await import(${JSON.stringify(LOGGER)});
    const text = ${JSON.stringify(HOSTILE)};
    createLogger('info', 'test').warn('told', { text, err: new Error(text) });
  `;
  // Lines go to the process's standard error.
  const line = execFileSync(
    'sh',
    ['-c', 'exec "$0" --input-type=module -e "$1" 2>&1', process.execPath, script],
    { encoding: 'utf8' },
  );
  expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    message: 'told',
    text: HOSTILE,
    err: { message: HOSTILE },
  });
});
