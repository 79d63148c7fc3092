import { expect, test } from 'vitest';
import type { NetworkPolicy } from '../kube/apis/index.ts';
import { loadLanguage, translator } from './i18n/index.ts';
import { policyWords } from './policy-words.ts';

const policy = (spec: object): NetworkPolicy =>
  ({ metadata: { name: 'p', namespace: 'default' }, spec }) as unknown as NetworkPolicy;
const db = { podSelector: { matchLabels: { app: 'db' } } };
const ops = { namespaceSelector: { matchLabels: { team: 'ops' } } };
const backup = { podSelector: { matchLabels: { job: 'backup' } } };
const ports = [{ port: 5432, protocol: 'TCP' }];
const isolates = '**Isolates** Pods labelled `app=db` in namespace `default`.';
const out = '**Isolates** what Pods labelled `app=db` in namespace `default` may send.';

test.each([
  ['nobody is listed', { ...db, policyTypes: ['Ingress'] }, `${isolates} This policy lets nobody in.`],
  ['a rule without peers', { ...db, ingress: [{}] }, `${isolates} Let in by this policy: **anybody**.`],
  [
    'two items: either',
    { ...db, ingress: [{ from: [ops, backup], ports }] },
    `${isolates} Let in by this policy: **any** Pod in namespaces labelled \`team=ops\`, **or** Pods labelled \`job=backup\` in namespace \`default\` (port \`5432\`).`,
  ],
  [
    'one item: both',
    { ...db, ingress: [{ from: [{ ...ops, ...backup }] }] },
    `${isolates} Let in by this policy: Pods labelled \`job=backup\` in namespaces labelled \`team=ops\`.`,
  ],
  [
    'empty selectors and an expression',
    {
      ...db,
      ingress: [
        {
          from: [
            {
              namespaceSelector: {},
              podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 'c'] }] },
            },
          ],
        },
        { from: [{ podSelector: {} }] },
      ],
    },
    `${isolates} Let in by this policy: Pods labelled \`a in (b,c)\` in **any** namespace, **or** **any** Pod in namespace \`default\`.`,
  ],
  [
    'what may be sent',
    {
      ...db,
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }],
    },
    `${out} Let out by this policy: to addresses in \`10.0.0.0/8\` but not in \`10.1.0.0/16\`.`,
  ],
])('a policy says what it isolates and lets pass: %s', (_, spec, words) => {
  expect(policyWords(translator('en'), policy(spec))).toBe(words);
});

test('in Korean either and both differ too', async () => {
  await loadLanguage('ko');
  const t = translator('ko');
  expect(policyWords(t, policy({ ...db, ingress: [{ from: [ops, backup] }] }))).toContain(
    '레이블이 `team=ops`인 네임스페이스의 **모든** 파드, **또는** `default` 네임스페이스에서 레이블이 `job=backup`인 파드',
  );
  expect(policyWords(t, policy({ ...db, ingress: [{ from: [{ ...ops, ...backup }] }] }))).not.toContain('**또는**');
});
