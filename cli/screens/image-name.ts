/**
 * Shortens an image by the registry and the path that all images of a chain share: `sei:v2`. Cuts a digest to as much
 * as distinguishes two.
 */
export function shortImage(image: string | undefined): string {
  if (image === undefined || image === '') return '-';
  const name = image.slice(image.lastIndexOf('/') + 1);
  const [tagged = '', digest] = name.split('@');
  return digest === undefined ? tagged : `${tagged}@${digest.slice(0, 'sha256:'.length + 8)}`;
}
