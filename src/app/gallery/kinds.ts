import { ingressController } from '../../lessons/list/ingress-controller.ts';
import { users } from '../../lessons/build.ts';
import type { Example } from './first.ts';
import { both, readiness, service, web } from './parts.ts';

const policy = (name: string, spec: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
spec:
${spec}
`;

const port = 'ports:\n- containerPort: 8080';

/** Examples of workloads that run to an end, keep names or sit on every node, and of scaling, gates and walls. */
export const kindExamples: readonly Example[] = [
  {
    id: 'job',
    title: { en: 'A Job', ko: '잡(Job)' },
    about: {
      en: 'Six completions, two at a time. Crash a running container and watch the ring: a failure counts against the limit, not for the goal.',
      ko: '완료 여섯 번, 한 번에 둘씩. 실행 중인 컨테이너를 크래시하고 고리를 보자. 실패는 목표가 아니라 한도에 더해진다.',
    },
    yaml: `apiVersion: batch/v1
kind: Job
metadata:
  name: report
spec:
  completions: 6
  parallelism: 2
  backoffLimit: 4
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: report
        image: busybox:1.36
        command: [sh, -c, 'echo working; sleep 15; echo done']
`,
  },
  {
    id: 'cron',
    title: { en: 'A CronJob', ko: '크론잡(CronJob)' },
    about: {
      en: 'A Job every minute, each for 75 s, and concurrencyPolicy Forbid: at some minutes no Job may start yet, and one starts late, as soon as the one before has ended. Suspend it, or run one out of turn.',
      ko: '1분마다 잡 하나, 한 번에 75초. concurrencyPolicy가 Forbid라 바로 시작하지 못하는 때가 있고, 앞의 잡이 끝나는 대로 늦게 시작한다. 일시 중지하거나 하나를 바로 실행해 보자.',
    },
    yaml: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: '* * * * *'
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: backup
            image: busybox:1.36
            command: [sh, -c, 'date; sleep 75']
`,
  },
  {
    id: 'statefulset',
    title: { en: 'A StatefulSet', ko: '스테이트풀셋(StatefulSet)' },
    about: {
      en: 'Three Pods with names that stay, started one after another. Delete db-1: db-1 comes back. Compare with a Deployment.',
      ko: '이름이 남는 파드 세 개가 하나씩 차례로 시작한다. db-1을 삭제하면 db-1이 돌아온다. 디플로이먼트와 비교해 보자.',
    },
    yaml: both(
      `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector: {app: db}
  ports:
  - port: 5432
`,
      `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers:
      - name: db
        image: db:1
        ports:
        - containerPort: 5432
        readinessProbe:
          tcpSocket: {port: 5432}
          periodSeconds: 2
`,
    ),
  },
  {
    id: 'daemonset',
    title: { en: 'One on every node', ko: '노드마다 하나' },
    about: {
      en: 'A DaemonSet has no replicas: one Pod per node. Add a node and it gets one at once; cordon another and its Pod stays.',
      ko: '데몬셋에는 replicas가 없다. 노드마다 파드 하나다. 노드를 더하면 바로 하나가 생기고, 통제(cordon)한 노드의 파드는 남는다.',
    },
    yaml: `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: log-agent
spec:
  selector:
    matchLabels: {app: log-agent}
  template:
    metadata:
      labels: {app: log-agent}
    spec:
      containers:
      - name: log-agent
        image: log-agent:1
`,
  },
  {
    id: 'hpa',
    title: { en: 'Scaling by load', ko: '부하에 따른 스케일링' },
    about: {
      en: 'The dial shows CPU against a target of 50 % and the sum it does. Press Traffic ×2 on the Service, then stop it and wait five minutes.',
      ko: '다이얼은 목표 50 %에 대한 CPU와 계산식을 보여 준다. 서비스에서 트래픽을 두 배로 올리고, 멈춘 뒤 5분을 기다려 보자.',
    },
    yaml: both(
      web({
        replicas: 2,
        container: `${port}\nresources:\n  requests: {cpu: 100m, memory: 64Mi}\nreadinessProbe:\n  httpGet: {path: /, port: 8080}\n  periodSeconds: 5`,
      }),
      service('web'),
      `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
  metrics:
  - type: Resource
    resource:
      name: cpu
      target: {type: Utilization, averageUtilization: 50}
`,
    ),
    traffic: users('http://web', 60),
  },
  {
    id: 'ingress',
    shownAt: 80_000,
    title: { en: 'A gate for the outside', ko: '바깥으로 난 문' },
    about: {
      en: 'One address, two Services by path. Delete the controller Deployment: the rules are still there, but nobody serves them.',
      ko: '주소 하나, 경로에 따라 서비스 둘. 컨트롤러 디플로이먼트를 삭제하면 규칙은 남지만 처리하는 곳이 없다.',
    },
    yaml: both(
      web({ name: 'shop', replicas: 2 }),
      service('shop'),
      web({ name: 'api', replicas: 2, image: 'hello:v1' }),
      service('api'),
      `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service: {name: shop, port: {number: 80}}
      - path: /api
        pathType: Prefix
        backend:
          service: {name: api, port: {number: 80}}
`,
      ingressController,
    ),
    traffic: { name: 'users', url: 'http://shop.example/', rps: 20, from: 'outside', timeoutMs: 2000 },
  },
  {
    id: 'policy',
    title: { en: 'Walls between Pods', ko: '파드 사이의 벽' },
    about: {
      en: 'Nothing may enter but what some policy allows: web reaches db, nobody reaches web. Open the matrix, then allow the users in.',
      ko: '어느 정책이든 허용한 것만 들어온다. web은 db에 닿고, web에는 아무도 닿지 못한다. 표를 보고 사용자를 들여보내자.',
    },
    yaml: both(
      web({ name: 'web', replicas: 2, container: `${port}\n${readiness}` }),
      service('web'),
      web({ name: 'db', replicas: 1, image: 'hello:v1', container: `${port}\n${readiness}` }),
      service('db'),
      policy('deny-all', '  podSelector: {}\n  policyTypes: [Ingress]'),
      policy(
        'db-allow-web',
        '  podSelector:\n    matchLabels: {app: db}\n  policyTypes: [Ingress]\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels: {app: web}\n    ports:\n    - port: 8080',
      ),
    ),
    traffic: users('http://web', 20),
  },
];
