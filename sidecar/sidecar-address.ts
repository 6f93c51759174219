import type { ObjectKey } from '../domain/node/node-ref.ts';
import { DEFAULT_CLUSTER_DOMAIN, podHostOf, SIDECAR_PROXY_PORT } from '../domain/pod/pod-host.ts';
import { shownValue, withoutUserInfo } from '../domain/text/shown-value.ts';

/** The pod of the sidecar. Its IP is undefined until it has one. */
export interface SidecarPod {
  readonly name: string;
  readonly ip: string | undefined;
}

export interface SidecarAddress {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** The Host header, in place of the URL's own host. */
  readonly host: string | undefined;
}

/** Undefined while the pod has no IP and the address needs one. */
export type SidecarAddressFor = (node: ObjectKey, pod: SidecarPod) => SidecarAddress | undefined;

const PLACEHOLDERS = ['namespace', 'name', 'pod', 'podIP', 'port'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

/**
 * Returns the default address: the pod's IP, with the name that the original operator uses as Host. The
 * name alone may still lead to the pod's predecessor, because DNS lags behind a replacement.
 */
export function podAddress(node: ObjectKey, pod: SidecarPod): SidecarAddress | undefined {
  if (pod.ip === undefined) return undefined;
  return {
    baseUrl: `http://${bracketed(pod.ip)}:${SIDECAR_PROXY_PORT}`,
    host: `${podHostOf(node, DEFAULT_CLUSTER_DOMAIN)}:${SIDECAR_PROXY_PORT}`,
  };
}

/**
 * Parses an address template such as `http://{podIP}:{port}` or `https://gateway/{namespace}/{name}`.
 *
 * @throws one Error that names every unknown placeholder, or says why it is no URL.
 */
export function parseAddressTemplate(template: string): SidecarAddressFor {
  if (withoutUserInfo(template) !== template) {
    throw new Error(
      'The sidecar address template has a user and password, which every log line would show; use a token file',
    );
  }
  const used = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const unknown = used.filter((name) => !isPlaceholder(name));
  if (unknown.length > 0) {
    throw new Error(
      `The sidecar address template "${shownValue(template)}" has unknown placeholders: ` +
        `${unknown.map(braced).join(', ')}; known are ${PLACEHOLDERS.map(braced).join(', ')}`,
    );
  }
  assertUrl(template, fill(template, SAMPLE));
  return (node, pod) => {
    if (pod.ip === undefined && used.includes('podIP')) return undefined;
    const { namespace, name } = node;
    const podIP = bracketed(pod.ip ?? '');
    const port = String(SIDECAR_PROXY_PORT);
    const baseUrl = fill(template, { namespace, name, pod: pod.name, podIP, port });
    return { baseUrl: baseUrl.replace(/\/+$/, ''), host: undefined };
  };
}

const SAMPLE: Readonly<Record<Placeholder, string>> = {
  namespace: 'default',
  name: 'n0',
  pod: 'n0-0',
  podIP: '10.0.0.1',
  port: String(SIDECAR_PROXY_PORT),
};

function fill(template: string, values: Readonly<Record<Placeholder, string>>): string {
  return template.replace(/\{([^{}]*)\}/g, (whole, name: string) =>
    isPlaceholder(name) ? values[name] : whole,
  );
}

function assertUrl(template: string, filled: string): void {
  const protocol = URL.canParse(filled) ? new URL(filled).protocol : undefined;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new Error(
      `The sidecar address template "${shownValue(template)}" makes no http or https URL`,
    );
  }
}

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}

function braced(name: string): string {
  return `{${name}}`;
}

/** Puts an IPv6 address into brackets, as a URL needs it. */
function bracketed(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}
