import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
    // Two cores: one worker each; the files share nothing.
    pool: 'forks',
    testTimeout: 60_000,
  },
});
