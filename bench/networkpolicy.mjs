// Five hundred NetworkPolicies over five thousand pods: what a request costs with them and without, and what it costs
// after each of a series of changes.
import { cluster, cpuMs, deployment } from './world.mjs';

export const figures = ['networkpolicy-500x5000-us-per-request', 'networkpolicy-500x5000-change-us'];

const apps = 50;
const replicas = 100;
const policiesPerApp = 10;

const service = (i) => `apiVersion: v1
kind: Service
metadata: {name: app-${i}}
spec:
  selector: {app: app-${i}}
  ports: [{port: 80}]
`;

/** Policy `j` of app `i`: lets in some others; every app is let in by the ten policies of about half the others. */
const policy = (i, j) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: app-${i}-${j}}
spec:
  podSelector: {matchLabels: {app: app-${i}}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [app-${(i + j) % apps}, app-${(i + 2 * j + 1) % apps}]}]}}]
    ports: [{port: 80}]
  egress:
  - to: [{podSelector: {matchLabels: {app: app-${(i + apps - j) % apps}}}}]
  - ports: [{port: 53, protocol: UDP}]
`;

const source = (i, rps) => ({
  name: `client-${i}`,
  url: `http://app-${(i * 7 + 3) % apps}`,
  rps,
  from: 'inside',
  labels: { app: `app-${i}` },
  timeoutMs: 1000,
});

/** CPU microseconds that `work` takes. */
function cpuUs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export function run(wanted) {
  const bed = cluster(100);
  const { kernel } = bed;
  const numbers = [...Array(apps).keys()];
  bed.apply(numbers.map((i) => deployment(`app-${i}`, replicas)).join('---\n'));
  bed.apply(numbers.map(service).join('---\n'));
  bed.untilReady(apps * replicas);
  let requests = 0;
  let dropped = 0;
  kernel.observer = {
    ...kernel.observer,
    observe: (o) => {
      if (o.type !== 'request') return;
      requests++;
      if (o.failure === 'policy') dropped++;
    },
  };
  const traffic = (rps) => {
    for (const i of numbers) kernel.inject(kernel.state.now, 'traffic', 'source', source(i, rps));
  };
  /** CPU microseconds per request over some seconds. */
  const perRequest = (seconds) => {
    const before = requests;
    const { ms } = cpuMs(() => kernel.runUntil(kernel.state.now + seconds * 1000));
    return (ms * 1000) / Math.max(1, requests - before);
  };
  traffic(20);
  kernel.runUntil(kernel.state.now + 5000);
  const open = perRequest(30);
  bed.apply(numbers.flatMap((i) => [...Array(policiesPerApp).keys()].map((j) => policy(i, j))).join('---\n'));
  kernel.runUntil(kernel.state.now + 5000);
  dropped = requests = 0;
  const guarded = perRequest(30);
  const share = dropped / requests;
  const result = {
    'networkpolicy-500x5000-us-per-request': {
      value: Number(guarded.toFixed(1)),
      unit: 'us',
      withoutPolicies: Number(open.toFixed(1)),
      dropped: `${(100 * share).toFixed(0)} %`,
    },
  };
  if (wanted.has('networkpolicy-500x5000-change-us')) {
    // Seconds of traffic with a change in them and without, in turn: the difference is all that a change costs.
    const changes = 100;
    let quiet = 0;
    let busy = 0;
    const second = () => kernel.runUntil(kernel.state.now + 1000);
    for (let k = 0; k < changes; k++) {
      quiet += cpuUs(second);
      const text = policy(k % apps, 0).replace('port: 80}]', `port: ${81 + k}}, {port: 80}]`);
      busy += cpuUs(() => (bed.apply(text), second()));
    }
    result['networkpolicy-500x5000-change-us'] = {
      value: Math.max(0, Math.round((busy - quiet) / changes)),
      unit: 'us',
      requestsPerChange: 20 * apps,
    };
  }
  return result;
}
