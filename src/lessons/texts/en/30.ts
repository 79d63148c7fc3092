import type { LessonTexts } from '../../lesson.ts';
import type { lesson30 } from '../../list/30.ts';

/** Lesson 30 in English. */
export const text30: LessonTexts<typeof lesson30> = {
  title: 'No policy means open',
  goal: 'Measure the default instead of believing it.',
  note: 'By default a NetworkPolicy blocks all requests from outside, except on ports 80 and 443.',
  verdict:
    'Wrong twice. Without a policy every Pod accepts everything, on every port, from every namespace, and may send anywhere. No port is special. The impression comes from somewhere else: Pod addresses cannot be reached from outside without a NodePort, load balancer or Ingress, and clouds add firewalls.',
  steps: {
    probe: {
      body: 'There is no NetworkPolicy here. Send the four kinds of requests, one after the other, and see which of them get through: to which port, from where, and out.',
      hints: [
        'Four actions, keys 1 to 4. Each needs a few seconds.',
        'Click a dot on its way and read its hops: does anybody stop it?',
      ],
    },
    deny: {
      body: 'Now create a policy: one that selects every Pod and allows nothing in. Apply it and read the matrix again, also the way out.',
      hints: [
        'Ctrl+Enter applies the manifest as it is.',
        '`policyTypes: [Ingress]` speaks of what comes in. The way out is another direction.',
      ],
    },
  },
  checks: {
    db: 'client → db:5432 answered ≥ 5',
    web: 'users → web:8080 answered ≥ 5',
    ops: 'ops → db:5432 answered ≥ 5',
    internet: 'client → internet answered ≥ 5',
    'no-policy': 'NetworkPolicies = 0',
    'db-closed': 'client → db:5432 denied for 3 s',
    'web-closed': 'users → web:8080 denied for 3 s',
    'out-open': 'client → internet allowed',
  },
  actions: {
    db: 'Client asks the database',
    web: 'Users ask web',
    ops: 'Another namespace asks the database',
    internet: 'Client asks the internet',
  },
  question: 'Without any NetworkPolicy, what is allowed?',
  options: {
    'only-80': {
      label: 'Only ports 80 and 443',
      why: 'No port has a meaning for policies. 5432 and 8080 were answered like any other.',
    },
    open: {
      label: 'Everything, in and out',
      why: 'A Pod that no policy selects is not isolated, in either direction.',
    },
    'in-closed': {
      label: 'Out, but not in',
      why: 'That is how home routers behave. Pods do not, until a policy selects them.',
    },
    'same-namespace': {
      label: 'Within the same namespace',
      why: 'A namespace is a name, not a wall. The Pod of `ops` got through.',
    },
  },
  observations: {
    db: 'client → db:5432',
    web: 'users → web:8080',
    ops: 'ops → db:5432',
    internet: 'client → internet:443',
  },
};
