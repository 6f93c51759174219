import { defineConfig } from 'oxlint';

import { devclusterOverrides } from './build/devcluster-rules.ts';
import { importOverrides } from './build/import-rules.ts';

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'vitest'],
  options: {
    typeAware: true,
  },
  categories: {
    correctness: 'error',
  },
  rules: {
    eqeqeq: 'error',
    'import/no-cycle': [
      'error',
      {
        ignoreTypes: false,
      },
    ],
    'import/no-default-export': 'error',
    'no-console': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': 'error',
    'unicorn/filename-case': [
      'error',
      {
        case: 'kebabCase',
      },
    ],
    'unicorn/catch-error-name': [
      'error',
      {
        name: 'err',
      },
    ],
    'import/consistent-type-specifier-style': ['error', 'prefer-top-level'],
  },
  overrides: [
    ...importOverrides(),
    ...devclusterOverrides(),
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['test/e2e/**', 'test/workflows/**'],
      rules: { 'vitest/no-standalone-expect': 'off' },
    },
  ],
});
