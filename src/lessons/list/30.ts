import { all, is, lasting } from '../build.ts';
import { defineLesson, type Check, type Move, type Value } from '../lesson.ts';
import { town } from './town.ts';

/** Somebody who asks again and again. */
const probe = (
  name: string,
  url: string,
  from: 'inside' | 'outside',
  labels?: Readonly<Record<string, string>>,
  namespace = 'default',
): Move => ({
  traffic: { name, url, rps: 2, from, namespace, ...(labels && { labels }), timeoutMs: 1000 },
});
const answered = (source: string): Check => all(is(asked(source, 'ok'), '>=', 5), is(asked(source, 'failed'), '=', 0));
const asked = (source: string, measure: 'ok' | 'failed'): Value => ({ traffic: source, measure });
const tried = (source: string): Check => ({
  any: [is(asked(source, 'ok'), '>=', 5), is(asked(source, 'failed'), '>=', 5)],
});

const toDb = probe('client-db', 'tcp://db:5432', 'inside', { app: 'client' });
const toWeb = probe('users-web', 'http://node-1:30080', 'outside');
const fromOps = probe('ops-db', 'tcp://db.default:5432', 'inside', { job: 'visit' }, 'ops');
const toInternet = probe('client-internet', 'https://example.com', 'inside', { app: 'client' });

const reach = (from: string, to: string, port: number): Value => ({ reach: from, to, port });
const db = reach('app=client', 'app=db', 5432);
const web = reach('outside', 'app=web', 8080);
const ops = reach('ops/job=visit', 'app=db', 5432);
const out = reach('app=client', 'internet', 443);

const denyAll = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
spec:
  podSelector: {}
  policyTypes: [Ingress]
`;

/** No policy means open: the default, measured. */
export const lesson30 = defineLesson({
  id: '30',
  chapter: 'F',
  covers: ['S25'],
  minutes: 6,
  engagement: 'changing',
  world: { seed: 130, nodes: 3 },
  start: { manifest: town, opensAt: 14_000 },
  prediction: {
    step: 'probe',
    options: [
      { id: 'only-80', truth: all(is(db, '=', 'deny'), is(web, '=', 'deny')) },
      {
        id: 'open',
        truth: all(is(db, '=', 'allow'), is(web, '=', 'allow'), is(ops, '=', 'allow'), is(out, '=', 'allow')),
      },
      { id: 'in-closed', truth: all(is(db, '=', 'deny'), is(out, '=', 'allow')) },
      { id: 'same-namespace', truth: all(is(db, '=', 'allow'), is(ops, '=', 'deny')) },
    ],
    answer: 'open',
    decided: all(tried('client-db'), tried('users-web'), tried('ops-db'), tried('client-internet')),
  },
  steps: [
    {
      id: 'probe',
      checks: [
        { id: 'db', check: answered('client-db') },
        { id: 'web', check: answered('users-web') },
        { id: 'ops', check: answered('ops-db') },
        { id: 'internet', check: answered('client-internet') },
        { id: 'no-policy', check: is({ count: { resource: 'networkpolicies.networking.k8s.io' } }, '=', 0) },
      ],
      highlight: [{ control: 'matrix' }],
      actions: [
        { id: 'db', moves: [toDb] },
        { id: 'web', moves: [toWeb] },
        { id: 'ops', moves: [fromOps] },
        { id: 'internet', moves: [toInternet] },
      ],
    },
    {
      id: 'deny',
      checks: [
        { id: 'db-closed', check: lasting(3, is(db, '=', 'deny')) },
        { id: 'web-closed', check: lasting(3, is(web, '=', 'deny')) },
        { id: 'out-open', check: is(out, '=', 'allow') },
      ],
      manifest: denyAll,
      yamlHelp: 'full',
      highlight: [{ control: 'apply' }, { control: 'matrix' }],
    },
  ],
  observations: [
    { id: 'db', value: db },
    { id: 'web', value: web },
    { id: 'ops', value: ops },
    { id: 'internet', value: out },
  ],
  solution: {
    probe: [toDb, toWeb, fromOps, toInternet],
    deny: [{ apply: denyAll }],
  },
  wrongAnswers: [
    {
      id: 'closed before it was measured',
      step: 'probe',
      moves: [{ apply: denyAll }, { advanceMs: 3000 }, toDb, toWeb, fromOps, toInternet],
    },
    { id: 'only web was asked', step: 'probe', moves: [toWeb] },
    { id: 'the wrong direction is closed', step: 'deny', moves: [{ apply: denyAll.replace('[Ingress]', '[Egress]') }] },
    {
      id: 'only the database is closed',
      step: 'deny',
      moves: [{ apply: denyAll.replace('podSelector: {}', 'podSelector: {matchLabels: {app: db}}') }],
    },
  ],
});
