import type { LessonTexts } from '../../lesson.ts';
import type { lesson24 } from '../../list/24.ts';

/** Lesson 24 in English. */
export const text24: LessonTexts<typeof lesson24> = {
  title: 'A Service selects, it does not manage',
  goal: 'Separate routing from ownership.',
  note: 'A Service is a logical group that manages pods, with load balancing and routing. ReplicaSets manage the life of pods, Services assign them.',
  verdict:
    'It groups and routes, but it manages nothing. A Service is a selector, a virtual IP and a list of addresses. Without it the Pods run on exactly as before; only nobody finds them by that name.',
  steps: {
    fix: {
      body: 'Three Pods are Ready, yet every request to `web` fails: the Service has no endpoints. Compare its selector with the labels of the Pods, repair it, and apply. Leave the Pods alone.',
      hints: [
        'Read the selector in the second document letter by letter.',
        'A selector that matches nothing is no error: it is an empty list of addresses.',
      ],
    },
    delete: {
      body: 'Requests arrive. Now delete the Service and watch both: the users and the Pods.',
      hints: ['Press 1, or `kubectl delete service web`.', 'Look at the owner of the Pods: is the Service among them?'],
    },
  },
  checks: {
    endpoints: 'Endpoints = 3',
    served: 'Success ≥ 99 % for 5 s',
    'same-pods': 'The same 3 Pods, Ready',
    'no-service': 'No Service for 10 s',
    failing: 'Success = 0 %',
    'pods-stay': 'The same 3 Pods, Ready',
  },
  actions: { delete: 'Delete the Service' },
  question: 'What does deleting the Service do to its Pods?',
  options: {
    deletes: {
      label: 'It deletes them',
      why: 'A Service owns no Pods. What it owns, its EndpointSlices, goes with it.',
    },
    restarts: {
      label: 'They restart',
      why: 'Restarts are the work of the kubelet, for containers that end or fail their liveness probe.',
    },
    replaces: {
      label: 'They are replaced',
      why: 'Replacing is the work of the ReplicaSet, and it still counts three.',
    },
    nothing: { label: 'Nothing', why: 'A selector only looks. Who is looked at does not notice.' },
  },
  observations: {
    kept: 'The same Pods, Ready',
    restarts: 'Restarts',
    failed: 'Failed requests',
    deleted: 'Services deleted',
  },
};
