/**
 * Returns the place where a text breaks the rules of its format, from the error of a YAML or TOML parser.
 * Never uses the parser's own message: that shows the lines around the place, which may hold a token or a
 * key. For the same reason that error must not be the cause of another one, whose stack would show it.
 *
 * @returns such as `line 3, column 5 (BAD_INDENT)`; undefined for an error of another kind
 */
export function syntaxFault(err: unknown): string | undefined {
  // The YAML library throws this for an alias that has no anchor.
  if (err instanceof ReferenceError) return 'an alias without its anchor';
  if (typeof err !== 'object' || err === null) return undefined;
  if ('linePos' in err && Array.isArray(err.linePos) && 'code' in err) {
    const { line, col } = err.linePos[0] as { readonly line: number; readonly col: number };
    return `line ${line}, column ${col} (${String(err.code)})`;
  }
  if ('line' in err && 'column' in err) {
    return `line ${String(err.line)}, column ${String(err.column)}`;
  }
  return undefined;
}
