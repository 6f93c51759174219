import { statusText } from '../../domain/node/status-text.ts';

/** A refusal of the API server: any answer but success. `errors.ts` classifies it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  /** A Status object, as text, where the answer comes from an API server. */
  readonly body: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: number, body: string, headers: Readonly<Record<string, string>> = {}) {
    super(`the API server answered ${code}: ${statusText(body)}`);
    this.code = code;
    this.body = body;
    this.headers = headers;
  }
}
