import type { Connect } from '../../network/net.ts';
import type { Run } from '../program.ts';
import { environment, file } from '../running.ts';
import { flag, hostOf, reply, serverImage, tagOf, type ServerTraits } from './server.ts';

const envOf = (run: Run, name: string): string => environment(run)[name] ?? '';

/** Every header of a request as the servers that echo it print them. */
const headerLines = (connect: Connect, separator: string, prefix = ''): string =>
  [['host', connect.host], ...Object.entries(connect.headers)]
    .map(([k, v]) => `${prefix}${k}${separator}${v}`)
    .join('\n');

const kiadaLines = (run: Run): readonly string[] => [
  `Kiada - Kubernetes in Action Demo Application`,
  '---------------------------------------------',
  `Kiada ${tagOf(run)} starting...`,
  `Pod name is ${hostOf(run)}`,
  `Local hostname is ${hostOf(run)}`,
  `Local IP is ${run.pod.ip}`,
  `Running on node ${run.memory.node}`,
];

/** One page, one port: name, port, what it answers, and when it starts and how it ends. */
interface Simple extends ServerTraits {
  readonly names: readonly string[];
  readonly sizeMB?: number;
  readonly memoryMB?: number;
}

const page = (text: string): string => `<!DOCTYPE html><html><body><h1>${text}</h1></body></html>\n`;

const simple: readonly Simple[] = [
  {
    names: ['traefik/whoami', 'containous/whoami', 'jwilder/whoami', 'emilevauge/whoami'],
    ports: (run, argv) => [Number(flag(argv, 'port') ?? (envOf(run, 'WHOAMI_PORT_NUMBER') || 80))],
    lines: () => ['Starting up on port 80'],
    answer: (run, c) =>
      `Hostname: ${hostOf(run)}\nIP: 127.0.0.1\nIP: ${run.pod.ip}\nRemoteAddr: ${c.clientIp}:41234\n${c.method} ${c.path} HTTP/1.1\n${headerLines(c, ': ')}\n\n`,
    term: 2,
    sizeMB: 3,
  },
  {
    names: ['nginxdemos/hello', 'nginxdemos/nginx-hello'],
    ports: (run) => [run.container.config.image.includes('nginx-hello') ? 8080 : 80],
    answer: (run, c) =>
      `Server address: ${run.pod.ip}:80\nServer name: ${hostOf(run)}\nURI: ${c.path}\nRequest ID: 0\n`,
    sizeMB: 18,
  },
  {
    names: [
      'registry.k8s.io/serve_hostname',
      'registry.k8s.io/e2e-test-images/serve-hostname',
      'gcr.io/google_containers/serve_hostname',
    ],
    ports: [9376],
    answer: (run) => hostOf(run),
    term: 'ignore',
    sizeMB: 5,
  },
  {
    names: ['registry.k8s.io/test-webserver', 'gcr.io/google_containers/test-webserver'],
    ports: [80],
    answer: () => '',
    term: 'ignore',
    sizeMB: 2,
  },
  {
    names: ['jpetazzo/color'],
    ports: [80],
    answer: (run) =>
      `🔵This is pod ${run.pod.config.namespace}/${hostOf(run)} on linux/amd64, serving / for ${run.pod.ip}:80.\n`,
    sizeMB: 10,
  },
  {
    names: ['kodekloud/webapp-color', 'mmumshad/simple-webapp-color'],
    ports: [8080],
    answer: (run) =>
      page(`Hello from ${hostOf(run)}! ${flag(run.server.argv, 'color') ?? (envOf(run, 'APP_COLOR') || 'red')}`),
    lines: () => [' * Running on http://0.0.0.0:8080/ (Press CTRL+C to quit)'],
    term: 'ignore',
    sizeMB: 32,
  },
  {
    names: ['luksa/kiada'],
    ports: [8080],
    lines: kiadaLines,
    readyLines: () => ['Kiada server listening on port 8080'],
    answer: (run, c) =>
      c.path.startsWith('/healthz')
        ? 'READY'
        : `Kiada version ${tagOf(run)}. Request processed by "${hostOf(run)}". Client IP: ${c.clientIp}\n`,
    term: 'drain',
    sizeMB: 90,
  },
  {
    names: ['luksa/quiz-api'],
    ports: [8080],
    startMs: 1500,
    answer: () => '{"status":"ok"}\n',
    term: 'drain',
    sizeMB: 12,
  },
  {
    names: ['quay.io/openshiftlabs/simpleservice', 'mhausenblas/simpleservice'],
    ports: (run) => [Number(envOf(run, 'PORT0')) || 9876],
    lines: () => ['This is simple service in version v0.5.0 listening on port 9876'],
    answer: (run, c) =>
      c.path.startsWith('/health')
        ? '{"healthy": true}'
        : `{"host": "${c.host}", "version": "${envOf(run, 'SIMPLE_SERVICE_VERSION') || '0.5.0'}", "result": "all is well"}`,
    term: 'ignore',
    sizeMB: 250,
  },
  {
    names: ['quay.io/rhdevelopers/myboot'],
    ports: (run) => [Number(envOf(run, 'SERVER_PORT')) || 8080],
    startMs: 4000,
    answer: (run, _c, n) => `Aloha from Spring Boot! ${n} on ${hostOf(run)}\n`,
    cpuMs: 2,
    term: 143,
    sizeMB: 280,
    memoryMB: 160,
  },
  {
    names: ['quay.io/rhdevelopers/quarkus-demo'],
    ports: [8080],
    startMs: 300,
    answer: (run, _c, n) => `Supersonic Subatomic Java with Quarkus ${hostOf(run)}:${n}\n`,
    term: 143,
    sizeMB: 90,
    memoryMB: 30,
  },
  {
    names: ['bmuschko/nodejs-hello-world', 'bmuschko/nodejs-read-config', 'bmuschko/nodejs-business-app'],
    ports: (run) => [run.container.config.image.includes('business') ? 8080 : 3000],
    answer: () => 'Hello World\n',
    lines: () => ['Magic happens on port 3000'],
    term: 'ignore',
    sizeMB: 60,
  },
  {
    names: [
      'gb-frontend',
      'gcr.io/google-samples/gb-frontend',
      'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend',
      'gcr.io/google_samples/gb-frontend',
    ],
    ports: [80],
    answer: () => page('Guestbook'),
    sizeMB: 180,
    memoryMB: 30,
  },
  {
    names: ['wordpress', 'drupal', 'joomla', 'nextcloud', 'phpmyadmin', 'phpmyadmin/phpmyadmin', 'php'],
    ports: [80],
    startMs: 2000,
    answer: () => page('Welcome'),
    cpuMs: 20,
    sizeMB: 220,
    memoryMB: 60,
  },
  {
    names: ['tomcat', 'jetty', 'jenkins/jenkins', 'jenkins', 'sonarqube', 'jboss/wildfly', 'quay.io/wildfly/wildfly'],
    ports: [8080],
    startMs: 8000,
    answer: () => page('Apache Tomcat'),
    cpuMs: 5,
    term: 143,
    sizeMB: 300,
    memoryMB: 220,
  },
  {
    names: ['rabbitmq'],
    ports: [5672, 15_672],
    startMs: 10_000,
    lines: () => ['  ##  ##      RabbitMQ'],
    readyLines: () => [' completed with 3 plugins.'],
    answer: () => 'ok\n',
    sizeMB: 130,
    memoryMB: 110,
    term: 'drain',
  },
  { names: ['memcached'], ports: [11_211], answer: () => 'OK\n', sizeMB: 32, memoryMB: 4 },
  {
    names: ['prom/prometheus', 'quay.io/prometheus/prometheus'],
    ports: [9090],
    startMs: 1500,
    lines: () => ['level=info msg="Starting Prometheus"'],
    readyLines: () => ['level=info msg="Server is ready to receive web requests."'],
    answer: () => 'Prometheus Server is Ready.\n',
    sizeMB: 110,
    memoryMB: 60,
    term: 'drain',
  },
  {
    names: ['grafana/grafana'],
    ports: [3000],
    startMs: 3000,
    answer: () => page('Grafana'),
    sizeMB: 180,
    memoryMB: 90,
    term: 'drain',
  },
  {
    names: ['elasticsearch', 'docker.elastic.co/elasticsearch/elasticsearch'],
    ports: [9200, 9300],
    startMs: 20_000,
    answer: () => '{ "tagline" : "You Know, for Search" }\n',
    sizeMB: 600,
    memoryMB: 900,
    term: 143,
  },
  {
    names: ['kibana', 'docker.elastic.co/kibana/kibana'],
    ports: [5601],
    startMs: 15_000,
    sizeMB: 500,
    memoryMB: 400,
    term: 'drain',
  },
  {
    names: ['cassandra', 'gcr.io/google-samples/cassandra'],
    ports: [9042, 7000],
    startMs: 40_000,
    readyLines: () => ['INFO  Starting listening for CQL clients on /0.0.0.0:9042'],
    sizeMB: 160,
    memoryMB: 600,
    term: 'drain',
  },
  {
    names: ['zookeeper', 'registry.k8s.io/kubernetes-zookeeper'],
    ports: [2181, 2888, 3888],
    startMs: 4000,
    answer: () => 'imok',
    sizeMB: 110,
    memoryMB: 90,
    term: 143,
  },
  {
    names: ['consul', 'hashicorp/consul', 'vault', 'hashicorp/vault'],
    ports: [8500, 8200],
    startMs: 1000,
    sizeMB: 50,
    memoryMB: 40,
    term: 'drain',
  },
  {
    names: ['minio/minio', 'quay.io/minio/minio'],
    ports: [9000],
    refuses: (_run, argv) =>
      argv.includes('server') ? null : { lines: ['NAME:', '  minio - High Performance Object Storage'], code: 0 },
    lines: () => ['MinIO Object Storage Server'],
    sizeMB: 60,
    memoryMB: 70,
    term: 'drain',
  },
  {
    names: ['envoyproxy/envoy'],
    ports: [9901, 10_000],
    refuses: (run, argv) =>
      file(run, flag(argv, 'c') ?? flag(argv, 'config-path') ?? '/etc/envoy/envoy.yaml') === undefined &&
      !argv.includes('--config-yaml')
        ? { lines: ['error initializing configuration: unable to read file'], code: 1 }
        : null,
    sizeMB: 65,
    memoryMB: 20,
    term: 'drain',
  },
  {
    names: ['traefik', 'haproxy', 'caddy'],
    ports: [80, 8080],
    answer: () => reply(404, '404 page not found\n'),
    sizeMB: 45,
    memoryMB: 20,
    term: 'drain',
  },
  {
    names: [
      'stacksimplify/kubenginx',
      'nigelpoulton/k8sbook',
      'paulbouwer/hello-kubernetes',
      'richardchesterwood/k8s-fleetman-webapp-angular',
      'dockersamples/static-site',
    ],
    ports: (run) => [/k8sbook|hello-kubernetes/.test(run.container.config.image) ? 8080 : 80],
    answer: (run) => page(`${run.container.config.image} on ${hostOf(run)}`),
    sizeMB: 30,
  },
  {
    names: ['training/webapp', 'aimvector/python'],
    ports: [5000],
    answer: () => 'Hello world!\n',
    sizeMB: 120,
    term: 'ignore',
  },
];

/** Images that are one page on one port. */
export const pageImages = simple.map(({ names, sizeMB = 40, memoryMB = 12, ...traits }) =>
  serverImage(names, traits, { sizeMB, memoryMB, tools: ['curl'] }),
);
