/** A piece of a document that a reader takes in at once. */
export interface MarkdownPart {
  readonly kind: 'block' | 'text';
  /** Of a block, as it is written behind its fence; empty for text. */
  readonly language: string;
  /** Of a block what is between its fences; else a paragraph, a list item or a row of a table. */
  readonly text: string;
  /** The heading that it stands under, without its marks; empty above the first one. */
  readonly section: string;
}

const FENCE = /^```(\w*)$/;
const HEADING = /^#+ (.*)$/;
/** Where a new item or row begins, with no empty line before it. */
const ITEM = /^(?:[-*|]|\d+\.) ?/;

/** The parts of a document in their order. */
export function markdownParts(markdown: string): readonly MarkdownPart[] {
  const parts: MarkdownPart[] = [];
  let section = '';
  let block: { readonly language: string; readonly lines: string[] } | undefined;
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) {
      parts.push({ kind: 'text', language: '', text: paragraph.join('\n'), section });
    }
    paragraph = [];
  };
  for (const line of markdown.split('\n')) {
    const fence = FENCE.exec(line);
    if (block !== undefined) {
      if (fence === null) {
        block.lines.push(line);
        continue;
      }
      const { language, lines } = block;
      parts.push({ kind: 'block', language, text: lines.join('\n'), section });
      block = undefined;
    } else if (fence !== null) {
      endParagraph();
      block = { language: fence[1] ?? '', lines: [] };
    } else if (HEADING.test(line)) {
      endParagraph();
      section = HEADING.exec(line)?.[1] ?? '';
    } else if (line.trim() === '') {
      endParagraph();
    } else {
      if (ITEM.test(line)) endParagraph();
      paragraph.push(line);
    }
  }
  endParagraph();
  return parts;
}
