/** The small town of the lessons on network policies: web, db and client in `default`, two visitors in `ops`. */

const pod = (
  name: string,
  image: string,
  port: number | null,
  labels = `app: ${name}`,
  namespace = 'default',
): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {${labels}}
spec:
  containers:
  - name: ${name}
    image: ${image}
${port === null ? '    command: [sleep, "86400"]\n' : `    ports:\n    - containerPort: ${port}\n`}`;

const service = (name: string, port: number, more = ''): string => `---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
${more}  ports:
  - port: ${port}
`;

/** Its manifest. */
export const town = `apiVersion: v1
kind: Namespace
metadata:
  name: ops
  labels: {team: ops}
${pod('web', 'web:1', 8080)}${pod('db', 'db:1', 5432)}${pod('client', 'busybox:1.36', null)}${pod('backup', 'busybox:1.36', null, 'job: backup')}${pod('backup', 'busybox:1.36', null, 'job: backup', 'ops')}${pod('visitor', 'busybox:1.36', null, 'job: visit', 'ops')}---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector: {app: web}
  ports:
  - port: 8080
    nodePort: 30080
${service('db', 5432)}`;
