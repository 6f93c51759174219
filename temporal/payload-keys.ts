/** The keys that encrypt payloads. */
export interface PayloadKeys {
  /** The origin of the keys, for people. */
  readonly source: string;
  /** The key that encrypts what is written. */
  readonly current: PayloadKey;
  /** All keys by id; each decrypts what was encrypted with it. */
  readonly byId: ReadonlyMap<string, PayloadKey>;
}

export interface PayloadKey {
  readonly id: string;
  /** 32 bytes, for AES-256. */
  readonly bytes: Uint8Array;
}

const KEY_BYTES = 32;
const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;
/** The allowed ids; an id is stored unencrypted in the metadata of every payload. */
const ID = /^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/;

/**
 * Reads the lines `ID KEY` of a key file. The first key encrypts; the others decrypt what was written before a
 * rotation. Ignores empty lines and lines that begin with `#`.
 *
 * @param source the name of the file, for errors
 * @throws {Error} one that names the file and the line, and never a key
 */
export function parsePayloadKeys(text: string, source: string): PayloadKeys {
  const byId = new Map<string, PayloadKey>();
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const key = keyOf(content, `${source}, line ${index + 1}`);
    if (byId.has(key.id)) {
      throw new Error(`${source}, line ${index + 1}: there is a key "${key.id}" before this one`);
    }
    byId.set(key.id, key);
  }
  const [current] = byId.values();
  if (current === undefined) {
    throw new Error(`${source} has no key; ${REMEDY}`);
  }
  return { source, current, byId };
}

const REMEDY = 'write one as a line "ID KEY", such as "k1 $(openssl rand -base64 32)"';

function keyOf(line: string, where: string): PayloadKey {
  const [id = '', key, ...rest] = line.split(/\s+/);
  if (key === undefined || rest.length > 0) {
    throw new Error(`${where} is not an id and a key; ${REMEDY}`);
  }
  if (!ID.test(id)) {
    throw new Error(`${where}: the id is not made of at most 63 letters, digits, -, _ and .`);
  }
  const bytes = bytesOf(key);
  if (bytes?.length !== KEY_BYTES) {
    // Names not even the id, which may be the key in the wrong place.
    throw new Error(`${where}: the key is not ${KEY_BYTES} bytes in base64 or hex; ${REMEDY}`);
  }
  return { id, bytes };
}

function bytesOf(key: string): Uint8Array | undefined {
  if (HEX.test(key)) return Buffer.from(key, 'hex');
  if (BASE64.test(key)) return Buffer.from(key, 'base64');
  return undefined;
}
