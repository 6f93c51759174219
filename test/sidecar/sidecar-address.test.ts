import { describe, expect, it } from 'vitest';

import { parseAddressTemplate, podAddress } from '../../sidecar/sidecar-address.ts';

const node = { namespace: 'ns', name: 'n0' };
const pod = { name: 'n0-0', ip: '10.1.2.3' };

describe('podAddress', () => {
  it('is the IP of the very pod, under the name that the pod has in DNS', () => {
    expect(podAddress(node, pod)).toEqual({
      baseUrl: 'http://10.1.2.3:8443',
      host: 'n0-0.n0.ns.svc.cluster.local:8443',
    });
  });

  it('writes an IPv6 address as a URL needs it', () => {
    expect(podAddress(node, { ...pod, ip: 'fd00::1' })?.baseUrl).toBe('http://[fd00::1]:8443');
  });

  it('is not there before the pod has an IP', () => {
    expect(podAddress(node, { ...pod, ip: undefined })).toBeUndefined();
  });
});

describe('parseAddressTemplate', () => {
  it.each([
    ['http://{podIP}:{port}', 'http://10.1.2.3:8443'],
    ['https://gateway/{namespace}/{name}/{pod}/', 'https://gateway/ns/n0/n0-0'],
    ['http://{pod}.{name}.{namespace}:7777', 'http://n0-0.n0.ns:7777'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ])('makes of %s the address %s', (template, baseUrl) => {
    expect(parseAddressTemplate(template)(node, pod)).toEqual({ baseUrl, host: undefined });
  });

  it('needs the IP of the pod only where it is asked for', () => {
    const unplaced = { ...pod, ip: undefined };
    expect(parseAddressTemplate('http://{podIP}:1')(node, unplaced)).toBeUndefined();
    expect(parseAddressTemplate('http://{pod}:1')(node, unplaced)?.baseUrl).toBe('http://n0-0:1');
  });

  it('names every placeholder that it does not know', () => {
    expect(() => parseAddressTemplate('http://{podIp}:{port}/{ns}')).toThrow(
      'The sidecar address template "http://{podIp}:{port}/{ns}" has unknown placeholders: ' +
        '{podIp}, {ns}; known are {namespace}, {name}, {pod}, {podIP}, {port}',
    );
  });

  it.each(['{podIP}:{port}', 'ftp://{podIP}', 'http://'])(
    'refuses %s, which makes no URL',
    (template) => {
      expect(() => parseAddressTemplate(template)).toThrow('makes no http or https URL');
    },
  );
});
