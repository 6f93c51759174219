import { z } from 'zod';

import type { ImagePolicy } from '../domain/node/image-policy.ts';
import { parseAllowedImage } from '../domain/node/image-policy.ts';
import { shownValue } from '../domain/text/shown-value.ts';
import type { Environment } from './environment.ts';
import { parseEnvironment } from './environment.ts';
import { UserError } from './user-error.ts';

/** Descriptions go into docs/configuration.md, which is generated from them. */
export const imageVariables = z.object({
  SEINODE_ALLOWED_IMAGES: z
    .string()
    .default('')
    .describe(
      'Registries and repositories that images may come from, separated by commas, each in whole parts of a name. `*` stands for any characters within one part of a repository, but not of a registry. By default any.',
    ),
  SEINODE_REQUIRE_IMAGE_DIGEST: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Requires that each image is named by its digest, which, unlike a tag, nobody can move.',
    ),
});

/**
 * Reads the policy for images, by default any image. Worker and watcher must agree on it.
 *
 * @throws {UserError} for an entry that could match nothing, which would refuse every image, or that leaves
 * the registry open
 */
export function readImagePolicy(env: Environment): ImagePolicy {
  const values = parseEnvironment(imageVariables, env);
  const entries = values.SEINODE_ALLOWED_IMAGES.split(',').map((entry) => entry.trim());
  return {
    allowed: entries.filter((entry) => entry !== '').map(allowedImage),
    requireDigest: values.SEINODE_REQUIRE_IMAGE_DIGEST === 'true',
  };
}

function allowedImage(entry: string): string {
  const allowed = parseAllowedImage(entry);
  if (allowed !== undefined) return allowed;
  throw new UserError(
    `SEINODE_ALLOWED_IMAGES has "${shownValue(entry)}": expected registries, each by its whole name, and repositories without a tag, separated by commas, such as ghcr.io/sei-protocol,189176372795.dkr.ecr.us-east-2.amazonaws.com/sei`,
  );
}
