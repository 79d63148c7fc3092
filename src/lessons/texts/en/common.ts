import type { CommonTexts } from '../../lesson.ts';

/** What the lessons share, in English. */
export const common: CommonTexts = {
  chapters: {
    A: 'Why an orchestrator',
    B: 'Pods and ReplicaSets',
    C: 'Deployments',
    D: 'Health and failure',
    E: 'Services and traffic',
    F: 'Network policy',
    G: 'Configuration',
    H: 'Batch and scaling',
  },
  values: { allow: 'allowed', deny: 'denied', mixed: 'some', true: 'yes', false: 'no' },
};
