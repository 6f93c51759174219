import { staticPeers } from './peer-source.ts';
import type { SeiNode } from './sei-node.ts';

/** Files of seid's configuration, each with the keys that are merged into it. */
export type ConfigPatch = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * What an update refreshes in the configuration on the node's volume; undefined when that is nothing.
 *
 * Peers are patched only where the spec names them all: those that the sidecar has discovered would be
 * lost under a list of the others.
 */
export function configPatch(node: SeiNode): ConfigPatch | undefined {
  const { externalAddress } = node.spec;
  const peers = staticPeers(node);
  const p2p = {
    ...(externalAddress !== undefined &&
      externalAddress !== '' && { 'external-address': externalAddress }),
    ...(peers !== undefined && { 'persistent-peers': peers.join(',') }),
  };
  return Object.keys(p2p).length === 0 ? undefined : { 'config.toml': { p2p } };
}
