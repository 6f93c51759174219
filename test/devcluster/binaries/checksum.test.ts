import { describe, expect, it } from 'vitest';

import { publishedChecksum } from '../../../devcluster/binaries/checksum.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('publishedChecksum', () => {
  it('takes a checksum that stands alone', () => {
    expect(publishedChecksum('file', `${A}\n`, 'kubectl')).toBe(A);
  });

  it('takes the line of the file from a list', () => {
    const list = `${A}  etcd-arm64.tar.gz\n${B}  etcd-amd64.tar.gz\n`;
    expect(publishedChecksum('file', list, 'etcd-amd64.tar.gz')).toBe(B);
  });

  it('understands the asterisk of a file that was read as binary', () => {
    expect(publishedChecksum('file', `${A} *kwok\n${B} *kwokctl`, 'kwokctl')).toBe(B);
  });

  it('does not take the checksum of another file', () => {
    expect(publishedChecksum('file', `${A}  other\n`, 'etcd')).toBeUndefined();
    expect(publishedChecksum('file', `${A}  etcd.sig\n`, 'etcd')).toBeUndefined();
  });

  it.each(['', '<html>Sign in to the network</html>', 'd41d8cd98f00b204e9800998ecf8427e'])(
    'finds none in %j',
    (text) => {
      expect(publishedChecksum('file', text, 'etcd')).toBeUndefined();
    },
  );

  it('takes the digest of the file from the description of a GitHub release', () => {
    const release = {
      assets: [
        { name: 'kwok-linux-arm64', digest: `sha256:${A}` },
        { name: 'kwok-linux-amd64', digest: `sha256:${B}` },
      ],
    };
    const text = JSON.stringify(release);
    expect(publishedChecksum('github-release', text, 'kwok-linux-amd64')).toBe(B);
  });

  it('finds none where GitHub has no digest, or answers with something else', () => {
    const old = JSON.stringify({ assets: [{ name: 'kwok', digest: null }] });
    expect(publishedChecksum('github-release', old, 'kwok')).toBeUndefined();
    expect(publishedChecksum('github-release', '{"message":"Not Found"}', 'kwok')).toBeUndefined();
    expect(publishedChecksum('github-release', 'rate limit', 'kwok')).toBeUndefined();
  });
});
