/** The address that a server listens at. Port 0 takes any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT`; an IPv6 address stands in brackets. */
export const LISTEN_ADDRESS =
  /^(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<host>[A-Za-z0-9.-]+)):(?<port>\d{1,5})$/;

/**
 * Parses an address that LISTEN_ADDRESS matches.
 *
 * @throws RangeError for any other text
 */
export function parseListenAddress(text: string): ListenAddress {
  const { v6, host = v6, port } = LISTEN_ADDRESS.exec(text)?.groups ?? {};
  if (host === undefined || port === undefined) throw new RangeError(`no HOST:PORT: ${text}`);
  return { host, port: Number(port) };
}

/** Returns the address as people write it, and as a URL carries it. */
export function describeAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
