import { expect, test } from 'vitest';
import { createSession, readSavedRun } from './index.ts';

const open = () => createSession({ world: { seed: 7, nodes: 0 }, journal: [] });

test('what roles refused is refused again when the run is opened from its saved form', () => {
  const session = open();
  session.advance(1000);
  const { code } = session.request({
    verb: 'create',
    resource: 'configmaps',
    namespace: 'default',
    body: { metadata: { name: 'hers' } },
    user: { name: 'jane', groups: ['system:authenticated'] },
  });
  expect(code).toBe(403);
  const saved = session.save();
  const again = createSession(readSavedRun(JSON.parse(JSON.stringify(saved))));
  again.advance(saved.at);
  expect(again.digest()).toBe(saved.digest);
  const read = { verb: 'get', resource: 'configmaps', namespace: 'default', name: 'hers' } as const;
  expect(again.request(read).code).toBe(404);
});
