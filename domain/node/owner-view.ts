import { boundedText } from '../text/bounded-text.ts';

/** An owner of an object, as it stands in its owner references. */
export interface OwnerView {
  /** `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** Returns the view of an owner reference from the API server. */
export function ownerView(owner: Partial<OwnerView>): OwnerView {
  const { apiVersion = '', kind = '', name = '', uid = '', controller = false } = owner;
  return { apiVersion, kind, name, uid, controller };
}

/** Returns the owner that controls the object: the API server admits one at most. */
export function controllerAmong(owners: readonly OwnerView[]): OwnerView | undefined {
  return owners.find((owner) => owner.controller);
}

/** More owners than anybody gives an object, and longer names than any has. */
const MOST_OWNERS = 8;
const LONGEST_NAME = 256;

/** Returns enough owners to show whose an object is, the controller first: references may hold anything. */
export function fewOwners(owners: readonly OwnerView[]): readonly OwnerView[] {
  if (owners.length === 0) return owners;
  const controller = owners.filter((owner) => owner.controller);
  const others = owners.filter((owner) => !owner.controller);
  return [...controller, ...others].slice(0, MOST_OWNERS).map((owner) => ({
    apiVersion: boundedText(owner.apiVersion, LONGEST_NAME),
    kind: boundedText(owner.kind, LONGEST_NAME),
    name: boundedText(owner.name, LONGEST_NAME),
    uid: boundedText(owner.uid, LONGEST_NAME),
    controller: owner.controller,
  }));
}
