import { beforeEach, describe, expect, it } from 'vitest';

import { ChangeListeners } from '../../../kubernetes/watch/change-listeners.ts';

const A = { namespace: 'ns', name: 'a' };
const B = { namespace: 'ns', name: 'b' };
const A_ELSEWHERE = { namespace: 'other', name: 'a' };

let heard: string[];
let thrown: unknown[];
let listeners: ChangeListeners;

beforeEach(() => {
  heard = [];
  thrown = [];
  listeners = new ChangeListeners((error) => thrown.push(error));
});

function hears(what: string): () => void {
  return () => heard.push(what);
}

describe('ChangeListeners', () => {
  it('calls those that wait for the node, and those that wait for any', () => {
    listeners.subscribe(({ name }) => heard.push(`any ${name}`));
    listeners.subscribeTo(A, hears('a'));
    listeners.subscribeTo({ ...A }, hears('a too'));
    listeners.notify(A);
    expect(heard).toEqual(['any a', 'a', 'a too']);
  });

  it('calls nobody who waits for another node', () => {
    listeners.subscribeTo(B, hears('b'));
    listeners.subscribeTo(A_ELSEWHERE, hears('a elsewhere'));
    listeners.notify(A);
    expect(heard).toEqual([]);
  });

  it('calls nobody again who has ended the subscription while being called', () => {
    const end = listeners.subscribeTo(A, () => {
      heard.push('once');
      end();
    });
    const endAny = listeners.subscribe(() => {
      heard.push('any once');
      endAny();
    });
    listeners.notify(A);
    listeners.notify(A);
    expect(heard).toEqual(['any once', 'once']);
  });

  it('calls nobody whose subscription another listener has just ended', () => {
    const ends: (() => void)[] = [];
    listeners.subscribe(() => ends.forEach((end) => end()));
    ends.push(listeners.subscribeTo(A, hears('a')));
    ends.push(listeners.subscribe(hears('any')));
    listeners.notify(A);
    expect(heard).toEqual([]);
  });

  it('keeps who waits for a node when an earlier subscription is ended twice', () => {
    const end = listeners.subscribeTo(A, hears('earlier'));
    end();
    listeners.subscribeTo(A, hears('later'));
    end();
    listeners.notify(A);
    expect(heard).toEqual(['later']);
  });

  it('goes on when one throws', () => {
    const failing = (): never => {
      throw new Error('listener');
    };
    listeners.subscribe(failing);
    listeners.subscribeTo(A, failing);
    listeners.subscribeTo(A, hears('a'));
    listeners.notify(A);
    expect(heard).toEqual(['a']);
    expect(thrown).toEqual([new Error('listener'), new Error('listener')]);
  });
});
