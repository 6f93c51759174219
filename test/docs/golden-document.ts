import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** `UPDATE_GOLDENS=1` writes documents that are made from the code. */
const mayWrite = process.env['UPDATE_GOLDENS'] === '1';

/** @returns the text of the document, and an empty one where there is none yet */
export function goldenDocument(name: string, made: string): string {
  const file = new URL(`../../docs/${name}`, import.meta.url);
  if (mayWrite) writeFileSync(file, made);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * The part of a document between the comments `<!-- name -->` and `<!-- end of name -->`.
 *
 * @param path of the document, from the root of the repository
 * @throws {Error} if the document does not have both comments
 */
export function goldenPart(path: string, name: string, made: string): string {
  const file = new URL(`../../${path}`, import.meta.url);
  const begin = `<!-- ${name} -->\n\n`;
  const end = `\n\n<!-- end of ${name} -->`;
  const [before, rest] = halves(readFileSync(file, 'utf8'), begin);
  const [part, after] = halves(rest, end);
  if (!mayWrite) return part;
  writeFileSync(file, `${before}${begin}${made}${end}${after}`);
  return made;
}

function halves(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  if (index === -1) throw new Error(`the document has no ${at.trim()}`);
  return [text.slice(0, index), text.slice(index + at.length)];
}
