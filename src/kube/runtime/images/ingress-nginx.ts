import { encodeBase64, isReason } from '../../apimachinery/index.ts';
import { apiClient } from '../api-clients.ts';
import { controller } from '../ingress-nginx/controller.ts';
import { defineImage, defineProgram, type ImageProgram } from '../program.ts';
import { exit, say } from '../running.ts';
import { flag } from './server.ts';
import { anyTag } from './tags.ts';

/** `/wait-shutdown`: what a preStop hook runs; the controller itself ends on SIGTERM. */
const waitShutdown = defineProgram<null>({
  start(run) {
    exit(run, 0);
    return null;
  },
});

/** The job that makes the webhook's certificate: without its Secret the controller of the official manifest cannot start. */
const certgen = defineProgram<null>({
  start(run, argv) {
    if (argv.includes('create')) {
      const namespace = flag(argv, 'namespace') ?? run.pod.config.namespace;
      const name = flag(argv, 'secret-name') ?? 'ingress-nginx-admission';
      const data = Object.fromEntries(['ca', 'cert', 'key'].map((part) => [part, encodeBase64(`fake ${part}\n`)]));
      const client = apiClient(run, 'kube-webhook-certgen');
      try {
        client.create(run.ctx, 'secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data });
      } catch (error) {
        const { name: kind, message } = error as Error;
        if (kind !== 'ApiError' && kind !== 'Unreachable') throw error;
        if (!isReason(error, 'AlreadyExists')) {
          say(run, `error creating secret: ${message}`);
          exit(run, 1);
          return null;
        }
      }
    }
    exit(run, 0);
    return null;
  },
});

/** The ingress-nginx controller, and the job that comes with its manifest. */
export const ingressNginxImages: readonly ImageProgram[] = [
  defineImage({
    names: [
      'registry.k8s.io/ingress-nginx/controller',
      'registry.k8s.io/ingress-nginx/controller-chroot',
      'quay.io/kubernetes-ingress-controller/nginx-ingress-controller',
    ],
    hasTag: anyTag,
    sizeMB: 105,
    entrypoint: ['/usr/bin/dumb-init'],
    cmd: ['/nginx-ingress-controller'],
    wrappers: ['dumb-init'],
    ports: [80, 443, 10254],
    memoryMB: 90,
    shell: 'ash',
    tools: ['curl'],
    programs: { 'nginx-ingress-controller': controller, 'wait-shutdown': waitShutdown },
  }),
  defineImage({
    names: ['registry.k8s.io/ingress-nginx/kube-webhook-certgen'],
    hasTag: anyTag,
    sizeMB: 24,
    entrypoint: ['/kube-webhook-certgen'],
    cmd: [],
    memoryMB: 10,
    shell: 'none',
    programs: { 'kube-webhook-certgen': certgen },
  }),
];
