/** The time in which a credential lets a process in. */
export interface Validity {
  readonly credential: 'client-certificate' | 'api-key';
  readonly from: Date;
  readonly to: Date;
}
