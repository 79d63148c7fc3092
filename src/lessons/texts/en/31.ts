import type { LessonTexts } from '../../lesson.ts';
import type { lesson31 } from '../../list/31.ts';

/** Lesson 31 in English. */
export const text31: LessonTexts<typeof lesson31> = {
  title: 'Being selected isolates',
  goal: 'Write a list of who may come in.',
  note: 'By default everything is blocked; wanted requests are allowed with egress settings.',
  verdict:
    'The wrong way round. A Pod is isolated only when some policy selects it; then the policies that select it **add up**: what one of them allows is allowed. There are no deny rules and no order. Who may come in is said under `ingress`; `egress` is about what a Pod may send.',
  steps: {
    deny: {
      body: 'The database answers anybody. The manifest selects it and lists nobody under `ingress`. Apply it and read **Who may connect to whom** under Inspect: the column of db closes. The one of web, which no policy selects, stays open.',
      hints: [
        'Ctrl+Enter applies the manifest as it is. Line 7, `app: db`, says who is closed.',
        'To be selected by one policy is enough to be closed to all that no policy names.',
      ],
    },
    allow: {
      body: 'Now let web in, and only web, with a second policy beside the first. Fill the blank and apply.',
      hints: [
        'Look at line 12, below `from`: the blank is the label of those who may come.',
        '`from` stands for the sender. The receiver is chosen by the `podSelector` above it.',
      ],
    },
    backup: {
      body: 'The job `backup` in namespaces of team `ops` shall come in too, and nobody else. The manifest lets in too many: apply it and look, then change it.',
      hints: [
        'Look at line 13: it begins with a dash. Count the dashes below `from`.',
        'Items of the list mean **or**. Both selectors within one item mean **and**.',
      ],
    },
  },
  checks: {
    'web-denied': 'web → db refused for 10 s',
    'client-denied': 'client → db refused',
    'users-allowed': 'users → web allowed',
    'web-db': 'web → db allowed for 3 s',
    'client-db': 'client → db refused',
    'users-web': 'users → web allowed',
    'both-there': 'NetworkPolicies = 2',
    'backup-in': 'backup of ops → db allowed for 3 s',
    'visitor-out': 'visitor of ops → db refused',
    'namesake-out': 'backup of default → db refused',
    'client-out': 'client → db refused',
  },
  actions: {},
  question: 'A policy that allows nobody and one that allows web, on the same Pod: what holds?',
  options: {
    'deny-wins': {
      label: 'The denial wins',
      why: 'There is no denial to win: the first policy allows nothing, which is less than a prohibition.',
    },
    union: {
      label: 'Both add up: web may, others not',
      why: 'A packet passes when at least one policy that selects the Pod allows it.',
    },
    'newest-wins': {
      label: 'The newest alone holds',
      why: 'Policies have no order, neither of time nor of name. The client is still out.',
    },
  },
  observations: { web: 'web → db:5432', client: 'client → db:5432', policies: 'NetworkPolicies' },
};
