/** A name becomes part of paths and of kwokctl's context name. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

/** @throws when a text cannot be the name of an instance */
export function assertInstanceName(name: string): void {
  if (NAME.test(name)) return;
  throw new Error(
    `Devcluster name ${JSON.stringify(name)} is not valid: use 1 to 40 lower-case letters, digits and dashes, the first and last not a dash`,
  );
}
