const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    },
  ],
};

const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['node', 'gateway-source'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform,
};

/** Specs in which inputs are generated, beside others. */
const generating = { setupFiles: ['<rootDir>/test/support/fuzz.ts'] };
const built = { ...shared, globalSetup: '<rootDir>/test/support/global-setup.js' };

/** Unit tests stand beside the code; what starts a server stands in test/ and runs against the build. */
export default {
  projects: [
    { ...shared, ...generating, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs}/**/*.spec.ts'] },
    {
      ...built,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{contract,e2e,conventions}/**/*-spec.ts'],
    },
    { ...built, displayName: 'security', testMatch: ['<rootDir>/test/security/**/*.e2e-spec.ts'] },
    { ...built, displayName: 'security-long', testMatch: ['<rootDir>/test/security/**/*.long-spec.ts'] },
    {
      ...built,
      ...generating,
      displayName: 'fuzz',
      globalSetup: '<rootDir>/test/support/fuzz-setup.js',
      testMatch: ['<rootDir>/{apps,libs}/**/*.fuzz.spec.ts', '<rootDir>/test/security/fuzz/*.e2e-spec.ts'],
    },
    { ...built, displayName: 'chaos', testMatch: ['<rootDir>/test/chaos/**/*-spec.ts'] },
    { ...built, displayName: 'deploy', testMatch: ['<rootDir>/test/deploy/**/*-spec.ts'] },
    { ...built, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*-spec.ts'] },
    { ...built, displayName: 'clients', testMatch: ['<rootDir>/test/clients/**/*-spec.ts'] },
    { ...built, displayName: 'network', testMatch: ['<rootDir>/test/network/**/*-spec.ts'] },
    { ...built, displayName: 'vendor', testMatch: ['<rootDir>/test/vendor/**/*-spec.ts'] },
  ],
  testTimeout: 60_000,
};
