/** A block of loopback addresses, such as 127.81.0.0/16. */
export interface Cidr {
  /** The first address of the block as a number. */
  readonly first: number;
  readonly size: number;
}

/** @throws {Error} unless it is an IPv4 block within 127.0.0.0/8: pods answer on loopback only. */
export function parseCidr(text: string): Cidr {
  const match = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3})\/(\d{1,2})$/.exec(text);
  const [, address, bits] = match ?? [];
  if (address === undefined || Number(bits) < 8 || Number(bits) > 30) {
    throw new Error(
      `SIDECAR_CIDR is '${text}'. Set it to a block of loopback addresses, such as 127.81.0.0/16.`,
    );
  }
  return { first: numberOf(address), size: 2 ** (32 - Number(bits)) };
}

/** Returns the address at `index` of the block; 0 is the address of the network itself. */
export function addressAt(cidr: Cidr, index: number): string {
  const address = cidr.first + index;
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** Returns the index of the address in the block, or undefined when it is not in it. */
export function indexOf(cidr: Cidr, address: string): number | undefined {
  const index = numberOf(address) - cidr.first;
  return index >= 0 && index < cidr.size ? index : undefined;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
