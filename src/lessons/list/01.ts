import { defineLesson } from '../lesson.ts';

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: hello
  labels: {app: hello}
spec:
  containers:
  - name: hello
    image: hello:1
`;

const hello = { resource: 'pods', name: 'hello' } as const;
const crash = { fault: { fault: 'container-crash', namespace: 'default', pod: 'hello' } } as const;

/** One container, one server: the kubelet restarts a container in the same Pod. */
export const lesson01 = defineLesson({
  id: '01',
  chapter: 'A',
  covers: ['S1', 'S2', 'S3'],
  minutes: 4,
  engagement: 'changing',
  world: { seed: 101, nodes: 2 },
  start: { manifest, opensAt: 10_000 },
  prediction: {
    step: 'crash',
    options: [
      { id: 'nothing', truth: { value: { deeds: 'kubelet.container-started' }, op: '=', to: 0 } },
      {
        id: 'same-pod',
        truth: {
          all: [
            { value: { kept: hello }, op: '=', to: 1 },
            { value: { sum: hello, path: 'status.containerStatuses[0].restartCount' }, op: '=', to: 1 },
          ],
        },
      },
      { id: 'new-pod', truth: { value: { created: { resource: 'pods' } }, op: '>=', to: 1 } },
      {
        id: 'other-node',
        truth: { value: { field: hello, path: 'spec.nodeName' }, op: '!=', to: 'node-1' },
      },
    ],
    answer: 'same-pod',
    decided: {
      all: [
        { value: { deeds: 'kubelet.container-exited' }, op: '>=', to: 1 },
        { for: 5000, check: { value: { count: { ...hello, where: [{ is: 'ready' }] } }, op: '=', to: 1 } },
      ],
    },
  },
  steps: [
    {
      id: 'crash',
      checks: [
        {
          id: 'restarted',
          check: {
            value: { sum: hello, path: 'status.containerStatuses[0].restartCount' },
            op: '>=',
            to: 1,
          },
        },
        { id: 'same-uid', check: { value: { kept: hello }, op: '=', to: 1 } },
        {
          id: 'ready',
          check: {
            all: [
              { value: { deeds: 'kubelet.container-exited' }, op: '>=', to: 1 },
              { for: 5000, check: { value: { count: { ...hello, where: [{ is: 'ready' }] } }, op: '=', to: 1 } },
            ],
          },
        },
      ],
      highlight: [{ ref: 'pods/default/hello' }],
      actions: [{ id: 'crash', moves: [crash] }],
    },
  ],
  observations: [
    { id: 'restarts', value: { sum: hello, path: 'status.containerStatuses[0].restartCount' } },
    { id: 'created', value: { created: { resource: 'pods' } } },
    { id: 'node', value: { field: hello, path: 'spec.nodeName' } },
  ],
  solution: { crash: [crash] },
  wrongAnswers: [
    { id: 'the Pod is deleted', step: 'crash', moves: [{ kubectl: 'delete pod hello' }] },
    {
      id: 'the Pod is deleted and applied again',
      step: 'crash',
      moves: [{ kubectl: 'delete pod hello' }, { apply: manifest }],
    },
  ],
});
