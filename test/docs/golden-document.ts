import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** `UPDATE_GOLDENS=1` writes documents that are made from the code. */
const mayWrite = process.env['UPDATE_GOLDENS'] === '1';

/** @returns the text of the document, and an empty one where there is none yet */
export function goldenDocument(name: string, made: string): string {
  const file = new URL(`../../docs/${name}`, import.meta.url);
  if (mayWrite) writeFileSync(file, made);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
