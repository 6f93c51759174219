/** The step cannot go on until something of an earlier object is gone. It is retried until then. */
export class WaitingFor extends Error {
  override readonly name = 'WaitingFor';

  /** @param what a clause, such as `StatefulSet n0 to be gone` */
  constructor(what: string) {
    super(`waiting for ${what}`);
  }
}
