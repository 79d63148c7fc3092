import { expect, test } from 'vitest';
import type { KubeObject, Preview } from '../protocol/index.ts';
import { liveText } from './live-text.ts';

const text = `# the shop
kind: Deployment
metadata: {name: web} # flow style stays
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: app
          image: shop:v1
          env: []
---
kind: Service
metadata:
  name: web
`;

const live = {
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { paused: true, replicas: 3 } }),
    },
  },
  spec: {
    replicas: 5,
    paused: true,
    progressDeadlineSeconds: 600,
    template: { spec: { containers: [{ name: 'app', image: 'shop:v2', imagePullPolicy: 'IfNotPresent' }] } },
  },
  status: { replicas: 5 },
} as unknown as KubeObject;

const preview = (object: KubeObject | undefined): Preview => ({
  documents: [
    { index: 0, ref: 'deployments.apps/default/web', action: 'change', live: object, storedOnly: [] },
    { index: 1, ref: 'services/default/web', action: 'create', storedOnly: [] },
  ],
  problems: [],
});

test('the live side of a diff is the text with live values, and nothing that only the server set', async () => {
  expect(await liveText(text, preview(live))).toBe(`# the shop
kind: Deployment
metadata: {name: web} # flow style stays
spec:
  replicas: 5
  template:
    spec:
      containers:
        - name: app
          image: shop:v2
  paused: true
---
`);
});
