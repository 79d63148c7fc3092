/** Options of `web` below. */
export interface Web {
  readonly name?: string;
  readonly replicas?: number;
  readonly image?: string;
  readonly spec?: string;
  readonly container?: string;
  readonly pod?: string;
}

/** Indents every line. */
export const indent = (text: string, by: number): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `${' '.repeat(by)}${line}\n`)
    .join('');

/** A probe that opens the door soon. */
export const readiness = `readinessProbe:
  httpGet: {path: /, port: 8080}
  periodSeconds: 5`;

/** A Deployment, so that the examples show only what differs. */
export const web = ({
  name = 'web',
  replicas = 3,
  image = 'shop:v1',
  spec = '',
  container = readiness,
  pod = '',
}: Web): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
${spec ? indent(spec, 2) : ''}  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
${pod ? indent(pod, 6) : ''}      containers:
      - name: ${name}
        image: ${image}
${container ? indent(container, 8) : ''}`;

/** A Service on port 80 in front of 8080. */
export const service = (name: string, selector = `{app: ${name}}`, targetPort = 8080): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: ${selector}
  ports:
  - port: 80
    targetPort: ${targetPort}
`;

/** Documents of one file. */
export const both = (...documents: readonly string[]): string => documents.join('---\n');
