import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { engineVersion } from './version.ts';

test('the engine is as old as the package', () => {
  expect(engineVersion).toBe(manifest.version);
});
