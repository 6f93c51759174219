/** A command that a document tells its reader to run. */
export interface DocumentedCommand {
  /** As it is written, for people. */
  readonly text: string;
  /** What the shell would hand to the program, which is the first word. */
  readonly words: readonly string[];
  /** Named in running text, where arguments may be left out. */
  readonly isMention: boolean;
}

const BLOCK = /^```(\w*)\n(.*?)^```$/gms;
/** Blocks of others, such as `yaml`, are no commands. */
const LANGUAGES = new Set(['', 'sh', 'shell', 'bash', 'console']);
/** In running text only what cannot be taken for anything else. */
const INLINE = /`((?:npm (?:run|test)|seinode|kubectl seinode)\b(?: [^`]*)?)`/g;

/** All commands of a document, each part of a pipe by itself. */
export function commandsIn(markdown: string): readonly DocumentedCommand[] {
  const blocks = [...markdown.matchAll(BLOCK)].flatMap(([, language = '', block = '']) =>
    LANGUAGES.has(language) ? [block] : [],
  );
  const inline = [...markdown.replaceAll(BLOCK, '').matchAll(INLINE)].map(([, code = '']) => code);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  return [
    ...lines.map((text) => ({ text, isMention: false })),
    ...inline.map((text) => ({ text, isMention: true })),
  ].flatMap(({ text, isMention }) =>
    partsOf(text).flatMap((part) => {
      const words = programAndArguments(part);
      return words.length === 0 ? [] : [{ text: text.trim(), words, isMention }];
    }),
  );
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
