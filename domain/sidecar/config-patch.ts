import type { SeiNode } from '../node/sei-node.ts';
import { staticPeers } from './peer-source.ts';

/** Files of seid's configuration, each with the keys that are merged into it. */
export type ConfigPatch = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Returns the part of the configuration on the node's volume that an update refreshes; undefined when there
 * is nothing to refresh.
 *
 * Patches peers only where the spec names all of them: a list of some would erase those that the sidecar
 * has discovered.
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
