import type { MarkdownPart } from './markdown-parts.ts';
import { markdownParts } from './markdown-parts.ts';

/** Commands that a document shows together, for one shell. */
export interface DocumentedScript {
  /** The heading that it stands under. */
  readonly section: string;
  /** As they are written, one command a line. */
  readonly lines: readonly string[];
  /** What the words before it say that it needs and a test does not have: `a container engine`. */
  readonly needs: string | undefined;
}

/** A command that a document tells its reader to run. */
export interface DocumentedCommand {
  readonly section: string;
  readonly needs: string | undefined;
  /** As it is written, for people. */
  readonly text: string;
  /** What the shell would hand to the program, which is the first word. */
  readonly words: readonly string[];
  /** Named in running text, where arguments may be left out. */
  readonly isMention: boolean;
}

/** Blocks of others, such as `yaml`, are no commands. */
const LANGUAGES = new Set(['', 'sh', 'shell', 'bash', 'console']);
/** In running text only what cannot be taken for anything else. */
const INLINE =
  /`((?:npm (?:run|test)|seinode|kubectl|(?:docker|temporal|cosign|gh|openssl) [a-z-]+)(?: [^`]*)?)`/g;
/** The words of the documents for what no test runs. */
const NOT_TESTED = /\bnot tested(?: here)?, (?:since )?it needs ([^.;,:|)]+)/i;

/** The blocks of a document that are commands. */
export function scriptsIn(markdown: string): readonly DocumentedScript[] {
  return markdownParts(markdown).flatMap((part, index, parts) => {
    if (!isScript(part)) return [];
    const before = parts[index - 1];
    return {
      section: part.section,
      needs: before?.kind === 'text' ? needsIn(before.text) : undefined,
      lines: part.text.replaceAll(/\\\n\s*/g, '').split('\n'),
    };
  });
}

/** All commands of a document, each part of a pipe by itself. */
export function commandsIn(markdown: string): readonly DocumentedCommand[] {
  const shown = scriptsIn(markdown).flatMap(({ lines, ...where }) =>
    lines.map((text) => ({ ...where, text, isMention: false })),
  );
  const mentioned = markdownParts(markdown).flatMap(({ kind, section, text }) =>
    (kind === 'text' ? [...text.replaceAll('\n', ' ').matchAll(INLINE)] : []).map(
      ([, code = '']) => ({ section, needs: needsIn(text), text: code, isMention: true }),
    ),
  );
  return [...shown, ...mentioned].flatMap((command) =>
    partsOf(command.text).flatMap((part) => {
      const words = programAndArguments(part);
      return words.length === 0 ? [] : [{ ...command, text: command.text.trim(), words }];
    }),
  );
}

function isScript({ kind, language }: MarkdownPart): boolean {
  return kind === 'block' && LANGUAGES.has(language);
}

function needsIn(text: string): string | undefined {
  return NOT_TESTED.exec(text.replaceAll('\n', ' '))?.[1]?.trim();
}

/** Text with its quotes and the commands that it is filled in from, or an operator. */
const TOKEN = /(?:'[^']*'|"[^"]*"|\$\([^)]*\)|[^\s'"|&;])+|[|&;]+/g;

function partsOf(line: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const [token] of line.matchAll(TOKEN)) {
    if (token.startsWith('#')) break;
    if (/^[|&;]+$/.test(token)) parts.push([]);
    else parts.at(-1)?.push(token.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return parts;
}

/** Without variables that are set in front, and without where the output goes. */
function programAndArguments(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  if (first === -1) return [];
  const redirect = words.findIndex((word) => /^[0-9]?>/.test(word));
  return words.slice(first, redirect === -1 ? undefined : redirect);
}
