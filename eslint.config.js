import { fileURLToPath } from 'node:url';
import eslint from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** In which direction imports run: each lib names the libs below it, and knows no other. */
const BELOW = {
  concurrency: [],
  contract: [],
  validation: [],
  config: [],
  problem: ['validation'],
  network: ['concurrency', 'config'],
  telemetry: ['config', 'network', 'problem'],
  auth: ['concurrency', 'config', 'network', 'problem', 'telemetry'],
  idaas: ['config', 'contract', 'network', 'problem', 'telemetry'],
  store: ['config', 'network', 'problem', 'telemetry'],
  secrets: ['config', 'problem', 'store', 'telemetry'],
  cache: ['concurrency', 'config', 'problem', 'store', 'telemetry'],
  jobs: ['config', 'contract', 'problem', 'store', 'telemetry'],
  idempotency: ['config', 'contract', 'problem', 'secrets', 'store', 'telemetry'],
  audit: ['config', 'contract', 'problem', 'store', 'telemetry'],
  limits: ['config', 'contract', 'problem', 'store', 'telemetry'],
  policy: ['auth', 'config', 'contract', 'problem', 'telemetry', 'validation'],
};

const forbidImports = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

/** A lib is entered by its door: the alias resolves to its index alone, and no relative path may go around it. */
const noWayAround = {
  regex: '^(\\.\\./)+(apps|libs|[a-z-]+/src)/',
  message: 'Enter a lib by its door, #libs/<name>.',
};

const arrows = Object.entries(BELOW).map(([lib, below]) =>
  forbidImports(
    [`libs/${lib}/**/*.ts`],
    [
      noWayAround,
      { regex: `^#libs/(?!(${below.join('|')})$)`, message: `libs/${lib} stands below this lib.` },
    ],
  ),
);

const root = fileURLToPath(new URL('.', import.meta.url));

export default tseslint.config(
  { ignores: ['**/dist/', 'coverage/', '**/node_modules/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    settings: {
      ...importX.flatConfigs.typescript.settings,
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ conditionNames: ['gateway-source', 'types', 'import', 'node'] }),
      ],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'max-lines': ['error', 300],
      complexity: ['error', 10],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // `return void f()` says in one line that a function ends here and answers nothing.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Nest and class-validator declare the shapes of their options and results as classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // It asks for `!`, which another rule of the same set forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowNullish: true },
      ],
    },
  },
  ...arrows,
  forbidImports(['apps/gateway/**/*.ts', 'test/**/*.ts'], [noWayAround]),
  forbidImports(
    ['apps/idaas-emulator/**/*.ts', 'apps/dev-idp/**/*.ts', 'apps/demo/**/*.ts'],
    [
      noWayAround,
      { regex: '^#libs/', message: 'What stands in for somebody else shares no code with the gateway.' },
    ],
  ),
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  // Their packages are the bench's own, and there only while it runs.
  { files: ['test/bench/baselines/*.ts'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', URL: 'readonly' } } },
);
