import { expect, test } from 'vitest';
import { createFrames, createSession, type FrameSource } from './index.ts';

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "shop:v1", ports: [{containerPort: 8080}]}]}
`;

/** What a page knows of the pods' usage after so many frames: it forgets a pod's together with the pod. */
function follow(frames: FrameSource, known: Set<string>): void {
  for (;;) {
    const frame = frames.take({ playing: false, speed: 1, progress: null });
    if (!frame) return;
    if (frame.reset) known.clear();
    for (const { resource, key } of frame.deletes) if (resource === 'pods') known.delete(key);
    for (const { key } of frame.usage) known.add(key);
  }
}

test('what pods use is told again after a rewind to before they were there', () => {
  const session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  const frames = createFrames(session);
  const known = new Set<string>();
  session.advance(1000);
  session.input({ type: 'kubectl', line: 'apply -f web.yaml', files: { 'web.yaml': web } });
  session.advance(30_000);
  follow(frames, known);
  expect([...known].filter((key) => key.startsWith('default/web-'))).toHaveLength(3);
  session.seek(500);
  follow(frames, known);
  expect([...known].filter((key) => key.startsWith('default/web-'))).toHaveLength(0);
  session.seek(30_000);
  follow(frames, known);
  expect([...known].filter((key) => key.startsWith('default/web-'))).toHaveLength(3);
});
