/** An owner of an object, as its owner references have it. */
export interface OwnerView {
  /** `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** An owner reference, as the API server has it. */
export function ownerView(owner: Partial<OwnerView>): OwnerView {
  const { apiVersion = '', kind = '', name = '', uid = '', controller = false } = owner;
  return { apiVersion, kind, name, uid, controller };
}
