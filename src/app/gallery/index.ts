import { users } from '../../lessons/build.ts';
import { firstExample, type Example } from './first.ts';
import { kindExamples } from './kinds.ts';
import { both, indent, readiness, service, web } from './parts.ts';

/** The starter manifests, from the plain to the broken. One more is one more entry here. */
export const examples: readonly Example[] = [
  firstExample,
  {
    id: 'rolling',
    title: { en: 'Rolling update', ko: '롤링 업데이트' },
    about: {
      en: 'Ten replicas of v1. Change the image to shop:v2, press Apply, and count: never more than 13, never fewer than 8 available.',
      ko: 'v1 레플리카 열 개. 이미지를 shop:v2로 바꿔 적용하고 세어 보자. 최대 13개, 사용 가능은 최소 8개다.',
    },
    yaml: both(
      web({
        replicas: 10,
        spec: 'strategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxSurge: 25%\n    maxUnavailable: 25%',
      }),
      service('web'),
    ),
    traffic: users('http://web', 40),
  },
  {
    id: 'recreate',
    title: { en: 'Recreate', ko: '재생성(Recreate)' },
    about: {
      en: 'The other strategy: change the image to shop:v2 and watch the gap in which nobody serves.',
      ko: '다른 전략이다. 이미지를 shop:v2로 바꾸고 아무도 응답하지 않는 틈을 보자.',
    },
    yaml: both(web({ replicas: 4, spec: 'strategy:\n  type: Recreate' }), service('web')),
    traffic: users('http://web', 20),
  },
  {
    id: 'bad-image',
    title: { en: 'An image that does not exist', ko: '없는 이미지' },
    about: {
      en: 'nginx:1.161 was never released. Ask why its Pods are not Ready, then correct the tag.',
      ko: 'nginx:1.161은 나온 적이 없다. 파드가 왜 Ready가 아닌지 물어보고 태그를 고치자.',
    },
    yaml: both(
      web({
        image: 'nginx:1.161',
        container: 'ports:\n- containerPort: 80\nreadinessProbe:\n  httpGet: {path: /, port: 80}',
      }),
      service('web', '{app: web}', 80),
    ),
    traffic: users('http://web', 10),
  },
  {
    id: 'crash-loop',
    title: { en: 'Crash loop', ko: '크래시 반복' },
    about: {
      en: 'crash:1 ends at once without DB_URL. Read its log, watch the waits grow 10, 20, 40, 80 s, then give it the variable.',
      ko: 'crash:1은 DB_URL이 없으면 바로 끝난다. 로그를 읽고, 대기가 10, 20, 40, 80초로 늘어나는 것을 본 뒤 변수를 넣어 주자.',
    },
    yaml: web({
      name: 'orders',
      replicas: 1,
      image: 'crash:1',
      container: '# env:\n# - name: DB_URL\n#   value: postgres://db/shop',
    }),
  },
  {
    id: 'readiness',
    title: { en: 'Without a readiness probe', ko: '준비성 프로브 없이' },
    about: {
      en: 'shop:slow needs 8 s to warm up. Without a probe it gets requests before it can answer: change the image to shop:v2 and count the failures.',
      ko: 'shop:slow는 준비에 8초가 걸린다. 프로브가 없으면 응답할 수 있기 전에 요청을 받는다. 이미지를 shop:v2로 바꾸고 실패를 세어 보자.',
    },
    yaml: both(
      web({
        replicas: 4,
        image: 'shop:slow',
        container: '# readinessProbe:\n#   httpGet: {path: /, port: 8080}\n#   periodSeconds: 2',
      }),
      service('web'),
    ),
    traffic: users('http://web', 40),
  },
  {
    id: 'liveness',
    title: { en: 'A container that hangs', ko: '멈추는 컨테이너' },
    about: {
      en: 'hang:1 stops answering after 20 s. Readiness takes it out of the Service; only the liveness probe restarts it.',
      ko: 'hang:1은 20초 뒤 응답을 멈춘다. 준비성 프로브는 서비스에서 빼기만 하고, 활성 프로브만 재시작한다.',
    },
    yaml: both(
      web({
        image: 'hang:1',
        container: `${readiness}\nlivenessProbe:\n  httpGet: {path: /, port: 8080}\n  periodSeconds: 5\n  failureThreshold: 3`,
      }),
      service('web'),
    ),
    traffic: users('http://web', 20),
  },
  {
    id: 'canary',
    title: { en: 'Canary by labels', ko: '레이블로 하는 카나리' },
    about: {
      en: 'Two Deployments behind one Service: nine stable Pods and one canary. About one request in ten sees v2.',
      ko: '서비스 하나 뒤에 디플로이먼트 두 개. 안정 버전 아홉, 카나리 하나. 요청 열 개 중 하나쯤이 v2에 닿는다.',
    },
    yaml: both(canary('stable', 9, 'shop:v1'), canary('canary', 1, 'shop:v2'), service('shop', '{app: shop}')),
    traffic: users('http://shop', 40),
  },
  {
    id: 'config',
    title: { en: 'ConfigMap as env and as file', ko: '환경 변수와 파일로 쓰는 컨피그맵' },
    about: {
      en: 'The same ConfigMap twice: the variable is copied when the container starts, the file follows a change.',
      ko: '같은 컨피그맵을 두 번 쓴다. 변수는 컨테이너가 시작할 때 복사되고, 파일은 변경을 따라간다.',
    },
    yaml: both(
      `apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
data:
  TEXT: hello
`,
      web({
        name: 'reader',
        replicas: 2,
        image: 'busybox:1.36',
        pod: 'volumes:\n- name: config\n  configMap: {name: greeting}',
        container: `command: [sh, -c, 'while true; do echo "env $TEXT, file $(cat /etc/greeting/TEXT)"; sleep 10; done']
env:
- name: TEXT
  valueFrom:
    configMapKeyRef: {name: greeting, key: TEXT}
volumeMounts:
- name: config
  mountPath: /etc/greeting`,
      }),
    ),
  },
  {
    id: 'secret',
    title: { en: 'A Secret that is missing', ko: '없는 시크릿' },
    about: {
      en: 'The Pods wait with CreateContainerConfigError until the Secret exists. Uncomment it and apply.',
      ko: '시크릿이 생길 때까지 파드는 CreateContainerConfigError로 기다린다. 주석을 풀고 적용하자.',
    },
    yaml: both(
      web({
        name: 'api',
        replicas: 2,
        container: 'env:\n- name: TOKEN\n  valueFrom:\n    secretKeyRef: {name: api-token, key: token}',
      }),
      `# apiVersion: v1
# kind: Secret
# metadata:
#   name: api-token
# stringData:
#   token: not-so-secret
`,
    ),
  },
  {
    id: 'memory',
    title: { en: 'Memory kills', ko: '메모리는 죽인다' },
    about: {
      en: 'leaky:1 grows by 20 Mi per second and meets its limit: OOMKilled, exit code 137, restarted, again.',
      ko: 'leaky:1은 초당 20 Mi씩 커지다 한도에 닿는다. OOMKilled, 종료 코드 137, 재시작, 그리고 다시.',
    },
    yaml: web({
      name: 'cache',
      replicas: 2,
      image: 'leaky:1',
      container: 'resources:\n  requests: {cpu: 100m, memory: 128Mi}\n  limits: {memory: 256Mi}',
    }),
  },
  {
    id: 'unschedulable',
    title: { en: 'Too big for the nodes', ko: '노드보다 큰 요청' },
    about: {
      en: 'Each Pod asks for 1.5 CPU of nodes that have 2. Some wait: ask why not, then add a node or ask for less.',
      ko: '파드마다 CPU 1.5를 요청하는데 노드에는 2뿐이다. 몇 개는 기다린다. 왜 안 되는지 묻고, 노드를 더하거나 요청을 줄이자.',
    },
    yaml: web({ name: 'big', replicas: 5, container: 'resources:\n  requests: {cpu: 1500m, memory: 512Mi}' }),
  },
  {
    id: 'bare-pod',
    title: { en: 'A Pod that nobody owns', ko: '주인 없는 파드' },
    about: {
      en: 'Delete it and it is gone; crash its container and it restarts in place. Compare with an owned Pod.',
      ko: '삭제하면 사라지고, 컨테이너를 크래시하면 제자리에서 재시작한다. 소유자가 있는 파드와 비교해 보자.',
    },
    yaml: both(
      `apiVersion: v1
kind: Pod
metadata:
  name: hello
  labels: {app: hello}
spec:
  containers:
  - name: hello
    image: shop:v1
    ports:
    - containerPort: 8080
`,
      service('hello'),
    ),
    traffic: users('http://hello', 10),
  },
  {
    id: 'spread',
    title: { en: 'Spread over the nodes', ko: '노드에 고루 펴기' },
    about: {
      en: 'maxSkew 1 keeps the counts per node within one of each other. Cordon a node, scale up, and see who waits.',
      ko: 'maxSkew 1은 노드마다 파드 수의 차이를 하나 이내로 지킨다. 노드 하나를 통제(cordon)하고 늘려 보자.',
    },
    yaml: both(
      web({
        replicas: 6,
        pod: 'topologySpreadConstraints:\n- maxSkew: 1\n  topologyKey: kubernetes.io/hostname\n  whenUnsatisfiable: DoNotSchedule\n  labelSelector:\n    matchLabels: {app: web}',
      }),
      service('web'),
    ),
    traffic: users('http://web', 30),
  },
  ...kindExamples,
];

/** Deployments of the canary example: told apart by `track`, put together by `app`. */
function canary(track: string, replicas: number, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-${track}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: shop, track: ${track}}
  template:
    metadata:
      labels: {app: shop, track: ${track}}
    spec:
      containers:
      - name: shop
        image: ${image}
${indent(readiness, 8)}`;
}
