import type { LessonTexts } from '../../lesson.ts';
import type { lesson26 } from '../../list/26.ts';

/** Lesson 26 in English. */
export const text26: LessonTexts<typeof lesson26> = {
  title: 'Three ports',
  goal: 'Follow port, targetPort and containerPort to the process.',
  note: 'The port and protocol of a container are set with `ports` of the container.',
  verdict:
    'It is noted there, not set. `containerPort` opens and closes nothing: the process decides where it listens. `targetPort` decides where the Service sends. The list matters when a port is called by its **name**.',
  steps: {
    number: {
      body: 'The shop listens on 8080. The Service takes port 80 and sends to 80, so every request is refused. The container declares no port at all. Fill in where the Service must send.',
      hints: [
        'The blank is `targetPort`, a number.',
        '`port` is the door of the Service, `targetPort` is the door of the Pod. The logs of a Pod say where it listens.',
      ],
    },
    name: {
      body: 'Now the Service says `targetPort: http`. A name must be looked up: fill in the name of the container port, apply, and see requests arrive again.',
      hints: [
        'The two names must be equal.',
        'A name that no container has leads to no address at all: the endpoints are empty.',
      ],
    },
  },
  checks: {
    target: 'targetPort = 8080',
    undeclared: 'Pods that declare a port = 0',
    served: 'Success ≥ 99 % for 5 s',
    'by-name': 'targetPort = http',
    endpoints: 'Endpoints = 2',
    'served-again': 'Success ≥ 99 % for 5 s',
  },
  actions: {},
  question: 'With `targetPort: 8080` but still no `containerPort`: do requests get through?',
  options: {
    blocks: {
      label: 'No: the port was not opened',
      why: 'Nothing has to be opened. Every port on which a process listens can be reached at the Pod’s address.',
    },
    passes: {
      label: 'Yes',
      why: '`containerPort` is information for readers and for names. Traffic does not ask for it.',
    },
    guessed: { label: 'Yes: Kubernetes adds the containerPort', why: 'Nobody writes it for you; look at the Pod.' },
  },
  observations: { declared: 'Pods that declare a port', target: 'targetPort', success: 'Success, %' },
};
