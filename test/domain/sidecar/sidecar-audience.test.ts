import { describe, expect, it } from 'vitest';

import { audienceFor } from '../../../domain/sidecar/sidecar-audience.ts';

const NODE = { namespace: 'ns', name: 'n0' };

describe('the audience of a token for a pod', () => {
  it('is of the node alone', () => {
    const pod = { asksForAudience: true } as const;
    expect(audienceFor(NODE, pod)).toBe('seinodetasks.sei.io/ns/n0');
    const others = [
      { ...NODE, name: 'n1' },
      { ...NODE, namespace: 'other' },
    ].map((node) => audienceFor(node, pod));
    expect(new Set([...others, audienceFor(NODE, pod)]).size).toBe(3);
  });

  it('is none for a pod of a template from before there were any', () => {
    expect(audienceFor(NODE, {})).toBeUndefined();
  });
});
