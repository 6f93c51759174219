import { boundedText } from './bounded-text.ts';

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

/** The owner that controls the object: the API server admits one at most. */
export function controllerAmong(owners: readonly OwnerView[]): OwnerView | undefined {
  return owners.find((owner) => owner.controller);
}

/** More owners than anybody gives an object, and longer names than any has. */
const MOST_OWNERS = 8;
const LONGEST_NAME = 256;

/** As many owners as tell whose an object is, the controller first: a reference may hold anything. */
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
