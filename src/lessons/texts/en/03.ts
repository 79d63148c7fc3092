import type { LessonTexts } from '../../lesson.ts';
import type { lesson03 } from '../../list/03.ts';

/** Lesson 03 in English. */
export const text03: LessonTexts<typeof lesson03> = {
  title: 'Desired and current state',
  goal: 'See a controller act on a difference, not on a message.',
  note: 'Pods are easy to delete and create; a controller makes up for them. `replicas` is the number to keep.',
  verdict:
    'True. The ReplicaSet compares the number it wants with the number it sees and makes up the difference. It needs no memory of what happened while it was away.',
  steps: {
    delete: {
      body: 'A ReplicaSet wants three Pods and has three. Delete one and watch the tray count: 3, 2, 3. Is the new Pod the old one?',
      hints: [
        'Click a Pod and choose **Delete Pod**, or press 1.',
        'Two Pods against a desired three is a difference of one, so one Pod is created. Compare the names.',
      ],
    },
    scale: {
      body: 'Now change the wish instead of the world: fill the blank so that the ReplicaSet keeps **five**, and apply.',
      hints: ['The blank is the value of `replicas`.', '`replicas: 5` is five in all, not five more.'],
    },
    blind: {
      body: 'Stop the controller-manager, delete two Pods while nobody looks, then start it again. It was not there when the Pods went.',
      hints: [
        'Three actions, in this order: 1, 2, 3. Between them the cluster has three Pods and nobody minds.',
        'When it starts, the controller lists what is there. That is all it needs to know.',
      ],
    },
  },
  checks: {
    deleted: 'You deleted a Pod',
    replaced: 'New Pods ≥ 1',
    three: '3 Pods Ready for 3 s',
    five: '5 Pods Ready',
    order: 'Stopped, two deleted, started',
    'five-again': '5 Pods Ready for 5 s',
  },
  actions: {
    delete: 'Delete a Pod',
    stop: 'Stop the controller-manager',
    'delete-two': 'Delete two Pods',
    start: 'Start the controller-manager',
  },
  question: 'It missed both deletions. How many Pods will it create when it starts?',
  options: {
    none: {
      label: '0: it missed the events',
      why: 'A controller does not live on events. They only tell it when to look.',
    },
    two: { label: '2', why: 'Desired 5, current 3: the difference is 2, whoever deleted them and whenever.' },
    five: { label: '5', why: 'It counts the Pods that are there before it creates any.' },
    seven: { label: '7', why: '`replicas` is the number to have in the end, not the number to add.' },
  },
  observations: { deleted: 'Pods deleted', created: 'Pods created', lowest: 'Fewest Ready' },
};
