import type { LessonTexts } from '../../lesson.ts';
import type { lesson28 } from '../../list/28.ts';

/** Lesson 28 in English. */
export const text28: LessonTexts<typeof lesson28> = {
  title: 'Rules need a controller',
  goal: 'Tell the rules from whoever carries them out.',
  note: 'An Ingress is a proxy that decides to which service a request from outside goes.',
  verdict:
    'The right idea, but the Ingress object only holds rules, for HTTP and HTTPS. The proxy is a **controller** that you install: Pods and a Service of their own. The API is frozen; Gateway API is recommended for new work, and ingress-nginx ended in March 2026.',
  steps: {
    rules: {
      body: 'Two applications, two Services. Users ask `shop.example/` and `shop.example/api` in vain. The manifest is an Ingress with a rule for each. Apply it and wait a moment.',
      hints: [
        'Ctrl+Enter, then let 15 s pass.',
        'Look at the address of the Ingress, and for a process that might read these rules.',
      ],
    },
    controller: {
      body: 'Now install a controller: a class, a Service of type LoadBalancer and a Deployment. Apply, and watch the address appear. Which of the two users is served?',
      hints: [
        'Ctrl+Enter. The image is large; give it half a minute.',
        'The class of the Ingress and the class of the controller must be the same: `nginx`.',
      ],
    },
    api: {
      body: 'One rule still leads nowhere. Find its mistake in the manifest, correct it and apply.',
      hints: [
        'Compare the names of the Services with the names in the rules.',
        'A backend that does not exist is no error for the API server. The proxy answers 503.',
      ],
    },
  },
  checks: {
    'no-address': 'Ingress without address for 15 s',
    nobody: 'Success of / = 0 %',
    address: 'The Ingress has an address',
    shop: 'Success of / ≥ 99 % for 5 s',
    'api-fails': 'Success of /api = 0 % for 5 s',
    api: 'Success of /api ≥ 99 % for 5 s',
    'shop-still': 'Success of / ≥ 99 % for 5 s',
  },
  actions: {},
  question: 'The Ingress object alone, in this cluster: what do users get?',
  options: {
    routes: {
      label: 'The right application',
      why: 'An object routes nothing. Somebody has to listen on an address and read the rules.',
    },
    'not-found': { label: '404', why: 'Even a 404 is an answer, and there is nobody to give it.' },
    nothing: { label: 'Nothing answers', why: 'No controller wrote an address, so the name does not even resolve.' },
  },
  observations: { success: 'Success of /, %', address: 'Address', pods: 'Pods of a controller' },
};
