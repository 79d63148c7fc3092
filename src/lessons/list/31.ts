import { all, count, is, lasting } from '../build.ts';
import { defineLesson, type Check } from '../lesson.ts';
import { town } from './town.ts';

const policy = (name: string, ingress: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
spec:
  podSelector:
    matchLabels: {app: db}
  policyTypes: [Ingress]
${ingress}`;
const deny = policy('deny-db', '');
const allowWeb = (app: string): string =>
  policy(
    'allow-web',
    `  ingress:
  - from:
    - podSelector:
        matchLabels: {app: ${app}}
    ports:
    - port: 5432
`,
  );
const allowBackup = (second: '- ' | '  '): string =>
  policy(
    'allow-backup',
    `  ingress:
  - from:
    - namespaceSelector:
        matchLabels: {team: ops}
    ${second}podSelector:
        matchLabels: {job: backup}
    ports:
    - port: 5432
`,
  );

const reach = (verdict: 'allow' | 'deny', from: string, to = 'app=db', port = 5432): Check =>
  is({ reach: from, to, port }, '=', verdict);
const policies = { resource: 'networkpolicies.networking.k8s.io' } as const;
const usersStay = reach('allow', 'outside', 'app=web', 8080);

/** Being selected isolates; policies add up. */
export const lesson31 = defineLesson({
  id: '31',
  chapter: 'F',
  covers: ['S25', 'S26'],
  minutes: 9,
  engagement: 'constructing',
  world: { seed: 131, nodes: 3 },
  start: { manifest: town, opensAt: 14_000 },
  prediction: {
    step: 'allow',
    options: [
      { id: 'deny-wins', truth: reach('deny', 'app=web') },
      { id: 'union', truth: all(reach('allow', 'app=web'), reach('deny', 'app=client')) },
      { id: 'newest-wins', truth: all(reach('allow', 'app=web'), reach('allow', 'app=client')) },
    ],
    answer: 'union',
    decided: lasting(3, count(policies, '=', 2)),
  },
  steps: [
    {
      id: 'deny',
      checks: [
        { id: 'web-denied', check: lasting(10, reach('deny', 'app=web')) },
        { id: 'client-denied', check: reach('deny', 'app=client') },
        { id: 'users-allowed', check: usersStay },
      ],
      manifest: deny,
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { control: 'matrix' }, { ref: 'pods/default/db' }],
    },
    {
      id: 'allow',
      checks: [
        { id: 'web-db', check: lasting(3, reach('allow', 'app=web')) },
        { id: 'client-db', check: reach('deny', 'app=client') },
        { id: 'users-web', check: usersStay },
        { id: 'both-there', check: count(policies, '=', 2) },
      ],
      manifest: allowWeb('___'),
      yamlHelp: 'partial',
      highlight: [{ control: 'editor' }, { control: 'matrix' }],
    },
    {
      id: 'backup',
      checks: [
        { id: 'backup-in', check: lasting(3, reach('allow', 'ops/job=backup')) },
        { id: 'visitor-out', check: reach('deny', 'ops/job=visit') },
        { id: 'namesake-out', check: reach('deny', 'job=backup') },
        { id: 'client-out', check: reach('deny', 'app=client') },
      ],
      manifest: allowBackup('- '),
      yamlHelp: 'none',
      highlight: [{ control: 'editor' }, { control: 'matrix' }],
    },
  ],
  observations: [
    { id: 'web', value: { reach: 'app=web', to: 'app=db', port: 5432 } },
    { id: 'client', value: { reach: 'app=client', to: 'app=db', port: 5432 } },
    { id: 'policies', value: { count: policies } },
  ],
  solution: {
    deny: [{ apply: deny }],
    allow: [{ apply: allowWeb('web') }],
    backup: [{ apply: allowBackup('  ') }],
  },
  wrongAnswers: [
    {
      id: 'everybody is selected',
      step: 'deny',
      moves: [{ apply: deny.replace('    matchLabels: {app: db}', '    matchLabels: {}') }],
    },
    { id: 'the client is let in instead', step: 'allow', moves: [{ apply: allowWeb('client') }] },
    { id: 'the denial is taken away', step: 'allow', moves: [{ kubectl: 'delete networkpolicy deny-db' }] },
    { id: 'two items of the list: either is enough', step: 'backup', moves: [{ apply: allowBackup('- ') }] },
    {
      id: 'the whole namespace is let in',
      step: 'backup',
      moves: [{ apply: allowBackup('  ').replace('      podSelector:\n        matchLabels: {job: backup}\n', '') }],
    },
  ],
});
