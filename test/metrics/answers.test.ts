import { beforeEach, describe, expect, it } from 'vitest';

import type { Answers } from '../../metrics/answers.ts';
import { createAnswers } from '../../metrics/answers.ts';

let nowMs: number;
let answers: Answers;

beforeEach(() => {
  nowMs = 1_000_000;
  answers = createAnswers('temporal', () => nowMs);
});

const later = (seconds: number): void => {
  nowMs += seconds * 1_000;
};

describe('createAnswers', () => {
  it('holds through a refusal of less than three minutes', () => {
    answers.answered();
    later(179);
    answers.refused('certificate expired');
    expect(answers.fact.failing()).toBeUndefined();
  });

  it('fails after that, and says why', () => {
    answers.answered();
    later(200);
    answers.refused('certificate expired');
    expect(answers.fact.failing()).toBe('no answer for 200 s: certificate expired');
  });

  it('holds again with the next answer', () => {
    answers.answered();
    later(200);
    answers.refused('certificate expired');
    answers.answered();
    expect(answers.fact.failing()).toBeUndefined();
  });

  it('holds of a server that has never permitted the question', () => {
    later(1_000);
    answers.refused('permission denied');
    expect(answers.fact.failing()).toBeUndefined();
  });
});
