import { defineConfig } from 'vitest/config';

// How long a test may take is not a thing we test: the limit only ends what hangs.
const testTimeout = 300_000;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['tests/*.test.ts'], testTimeout, hookTimeout: testTimeout } },
      {
        // On the built site, in a browser; tests/browser/site.ts builds and serves it once for all of them.
        test: {
          name: 'browser',
          include: ['tests/browser/*.test.ts'],
          globalSetup: 'tests/browser/site.ts',
          testTimeout,
          hookTimeout: testTimeout,
        },
      },
    ],
  },
});
