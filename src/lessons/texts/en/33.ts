import type { LessonTexts } from '../../lesson.ts';
import type { lesson33 } from '../../list/33.ts';

/** Lesson 33 in English. */
export const text33: LessonTexts<typeof lesson33> = {
  title: 'Copied once or kept in sync',
  goal: 'Know which of the two ways into a container refreshes.',
  note: 'Environment variables are bound, and `spec.spec.volumes` takes a ConfigMap.',
  verdict:
    'Both ways exist; the path is `spec.template.spec.volumes`, plus `volumeMounts` in the container. A variable is copied when the container starts and never changes. A mounted file follows its ConfigMap within about a minute and a half, except with `subPath`.',
  steps: {
    change: {
      body: 'One Pod, two containers, one ConfigMap: `color: green`. One reads it from a variable, the other from a file. Each is ready only once it sees **blue**. Change the value, apply, and wait two minutes.',
      hints: [
        'The blank is the new color.',
        'The kubelet writes the file anew when it next looks after the Pod. Nobody can write into a running process’s environment.',
      ],
    },
    restart: {
      body: 'One container still sees green. Give it a new start without touching the manifest, in the terminal.',
      hints: [
        'There is a verb of `kubectl rollout` for this.',
        'A new container copies the value of the moment it starts.',
      ],
    },
  },
  checks: {
    changed: 'color = blue for 120 s',
    'file-new': 'The file is blue within 90 s',
    'env-old': 'The variable is not blue',
    'same-pod': 'The same Pod',
    'env-new': 'The variable is blue',
    'file-too': 'The file is blue',
  },
  actions: {},
  question: 'Without a restart, two minutes after the change: who sees blue?',
  options: {
    both: { label: 'Both', why: 'The environment of a process is fixed when it starts.' },
    file: {
      label: 'Only the file, a little later',
      why: 'The kubelet refreshes mounted ConfigMaps as it goes round its Pods.',
    },
    env: { label: 'Only the variable, at once', why: 'It is the other way round: a variable is a copy.' },
    none: { label: 'Neither', why: 'A mounted volume is kept in sync with its ConfigMap.' },
  },
  observations: { 'file-after': 'File blue after, s', env: 'Variable blue', restarts: 'Restarts' },
};
