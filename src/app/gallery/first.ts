import { users } from '../../lessons/build.ts';
import type { TrafficSource } from '../../protocol/index.ts';

/** A starter manifest. */
export interface Example {
  readonly id: string;
  readonly title: { readonly en: string; readonly ko: string };
  /** What to do with it and what to look at, in one or two sentences. */
  readonly about: { readonly en: string; readonly ko: string };
  readonly yaml: string;
  readonly traffic?: TrafficSource | undefined;
  /** Cluster time at which it is shown, ms; 20 s unless its images take longer to pull. Traffic begins 8 s before. */
  readonly shownAt?: number | undefined;
}

/** The example that the page opens on. */
export const firstExample: Example = {
  id: 'hello',
  title: { en: 'Hello, Deployment', ko: '안녕, 디플로이먼트' },
  about: {
    en: 'Three replicas of a shop behind a Service. Click a Pod, delete it, and watch who replaces it.',
    ko: '서비스 뒤에 있는 상점 레플리카 세 개. 파드를 눌러 삭제하고 누가 대신 만드는지 보자.',
  },
  yaml: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: shop
        image: shop:v1
        ports:
        - containerPort: 8080
        readinessProbe:
          httpGet: {path: /, port: 8080}
          periodSeconds: 5
        resources:
          requests: {cpu: 250m, memory: 128Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: 8080
`,
  traffic: users('http://web', 40),
};

/** No workload at all. */
export const emptyExample: Example = {
  id: 'empty',
  title: { en: 'Empty sandbox', ko: '빈 샌드박스' },
  about: { en: 'Write your own manifest.', ko: '매니페스트를 직접 써 보자.' },
  yaml: '',
};
