import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENS = '0A';

/** Lists the addresses, such as `127.0.0.1:8443`, that a process listens on; IPv6 ones in hexadecimal. */
export function listeningAddresses(pid: number): string[] {
  const sockets = new Map(['tcp', 'tcp6'].flatMap((table) => listenersIn(pid, table)));
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
    return sockets.get(inode ?? '') ?? [];
  });
}

function listenersIn(pid: number, table: string): [inode: string, address: string][] {
  const [, ...lines] = readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === LISTENS ? [[inode, readable(local)]] : [];
  });
}

// The kernel writes an IPv4 address as one little-endian number.
function readable(local: string): string {
  const [address = '', port = ''] = local.split(':');
  const bytes = address.match(/../g) ?? [];
  const host =
    bytes.length === 4 ? bytes.toReversed().map((byte) => parseInt(byte, 16)) : [address];
  return `${host.join('.')}:${parseInt(port, 16)}`;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The socket closed meanwhile.
    return '';
  }
}
