import { defineImage, defineProgram } from '../program.ts';
import { exit, say } from '../running.ts';
import { anyTag } from './tags.ts';
import { serverImage } from './server.ts';

/** Small images of Kubernetes' own tests, beside agnhost. Kubernetes: test/images. */

/** Tells as whom it runs. It carries the setuid bit, which a pod may forbid; who may not gain rights stays who it is. */
const nonewprivs = defineImage({
  names: ['registry.k8s.io/e2e-test-images/nonewprivs', 'gcr.io/kubernetes-e2e-test-images/nonewprivs'],
  hasTag: anyTag,
  sizeMB: 2,
  entrypoint: ['/nnp'],
  cmd: [],
  memoryMB: 1,
  shell: 'none',
  programs: {
    nnp: defineProgram({
      start(run) {
        const { user = 0, noNewPrivileges } = run.container.config;
        say(run, `Effective uid: ${noNewPrivileges ? user : 0}`);
        exit(run, 0);
        return null;
      },
    }),
  },
});

/** A pet shows its picture's name. */
const pet = (name: string): ReturnType<typeof serverImage> =>
  serverImage([`registry.k8s.io/e2e-test-images/${name}`, `gcr.io/kubernetes-e2e-test-images/${name}`], {
    ports: [80],
    answer: () => `{ "image": "${name}.jpg" }\n`,
    term: 'drain',
  });

export const e2eImages = [nonewprivs, pet('nautilus'), pet('kitten')];
