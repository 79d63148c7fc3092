import type { V1Container, V1Probe } from '../../generated/types.ts';
import { portOf, sendTo } from './endpoint.ts';
import { deed, podEvent } from './events.ts';
import { graceOf, specOf, type ContainerRecord, type Kubelet, type ProbeState, type Worker } from './memory.ts';
import { specOfProbe } from './probe-outcomes.ts';
import { syncAt } from './schedule.ts';
import { touch } from './status-writer.ts';
import { stopContainer } from './termination.ts';
import { shouldRestart } from './phase.ts';

/*
 * Probes run at moments addedAt + n × period, as the real workers' tickers do, which start with the pod and not with
 * the container; readiness is asked once more as soon as a container has started. A probe whose outcome cannot change
 * has no next event: it is parked after a success at its threshold, and woken when the runtime or a fault says that
 * the container's answers may have changed.
 * Kubernetes: pkg/kubelet/prober/worker.go, prober_manager.go, prober.go.
 * Simplified: a gRPC probe only connects; it does not ask for the service's health.
 */

const types = ['startup', 'liveness', 'readiness'] as const;

/** The probes that a container has. */
export function probesOf(container: V1Container): ProbeState[] {
  const probes: ProbeState[] = [];
  for (const type of types) {
    if (!specOfProbe(container, type)) continue;
    probes.push({ type, result: null, run: 0, verdict: null, dueAt: 0, token: '', recheck: false });
  }
  return probes;
}

/** The container is gone: its probes have no verdict, and answers under way count for nothing. */
export function forgetProbes(record: ContainerRecord): void {
  for (const probe of record.probes) {
    probe.result = null;
    probe.run = 0;
    probe.verdict = null;
    probe.dueAt = 0;
    probe.token = '';
    probe.recheck = false;
  }
}

const probeOf = (record: ContainerRecord, type: ProbeState['type']): ProbeState | undefined =>
  record.probes.find((p) => p.type === type);

/** A container has started: it is `started` at once when it has no startup probe. */
export function beginProbes(k: Kubelet, w: Worker, record: ContainerRecord): void {
  forgetProbes(record);
  const startup = probeOf(record, 'startup');
  record.started = startup === undefined;
  if (startup) due(k, w, record, startup, false);
  else openGate(k, w, record);
}

/** The startup gate is open: liveness and readiness begin. */
function openGate(k: Kubelet, w: Worker, record: ContainerRecord): void {
  record.started = true;
  const readiness = probeOf(record, 'readiness');
  if (record.kind !== 'init') record.ready = readiness === undefined;
  if (readiness) due(k, w, record, readiness, true);
  const liveness = probeOf(record, 'liveness');
  if (liveness) due(k, w, record, liveness, false);
}

/** Takes over a container that ran before this kubelet started: all its probes run on. */
export function resumeProbes(k: Kubelet, w: Worker, record: ContainerRecord): void {
  const startup = probeOf(record, 'startup');
  if (startup && !record.started) {
    due(k, w, record, startup, false);
    return;
  }
  for (const probe of record.probes) if (probe.type !== 'startup') due(k, w, record, probe, false);
}

/** Schedules the next run: at once when asked to and the initial delay is over, else at the next tick. */
function due(k: Kubelet, w: Worker, record: ContainerRecord, probe: ProbeState, atOnce: boolean): void {
  const { now } = k.ctx;
  const spec = specOfProbe(specOf(w.pod.spec!, record.name), probe.type)!;
  const periodMs = (spec.periodSeconds ?? 10) * 1000;
  // Start times are kept in whole seconds, so the delay counts from the full second.
  const from = Math.floor(record.startedAt / 1000) * 1000 + (spec.initialDelaySeconds ?? 0) * 1000;
  let at = now + 1;
  if (!atOnce || from > now) {
    const earliest = Math.max(from, now + 1);
    at = w.addedAt + Math.ceil((earliest - w.addedAt) / periodMs) * periodMs;
  }
  probe.dueAt = at;
  k.ctx.after(at - now, k.address, 'probe', { uid: w.uid, container: record.name, type: probe.type, at });
}

/** It is time for a probe. */
export function runProbe(k: Kubelet, w: Worker, record: ContainerRecord, type: ProbeState['type'], at: number): void {
  const probe = probeOf(record, type);
  if (!probe || probe.dueAt !== at || record.state !== 'running' || w.ip === '') return;
  if (w.terminating && type !== 'readiness') return;
  probe.dueAt = 0;
  const container = specOf(w.pod.spec!, record.name);
  const spec = specOfProbe(container, type)!;
  const timeoutMs = (spec.timeoutSeconds ?? 1) * 1000;
  const token = `probe-${++k.memory.serial}`;
  probe.token = token;
  if (spec.exec) {
    k.memory.waiting.set(token, Object.freeze({ uid: w.uid, container: record.name, id: record.id, what: type }));
    k.cri.exec(k.ctx, k.node, record.id, spec.exec.command ?? [], token, timeoutMs);
    return;
  }
  const action = spec.httpGet ?? spec.tcpSocket ?? spec.grpc;
  const port = action && portOf(action.port, container);
  if (!action || port === undefined) {
    // Prober error: the result is thrown away. Kubernetes: extractPort.
    const text = `couldn't find port: ${String(action?.port)} in container ${record.name}`;
    podEvent(
      k,
      w,
      'Warning',
      'Unhealthy',
      `${title(type)} probe errored and resulted in unknown state: ${text}`,
      record,
    );
    probe.token = '';
    due(k, w, record, probe, false);
    return;
  }
  k.memory.waiting.set(token, Object.freeze({ uid: w.uid, container: record.name, id: record.id, what: type }));
  const host = spec.httpGet?.host ?? spec.tcpSocket?.host;
  sendTo(k, w, { host, port, path: spec.httpGet?.path, httpHeaders: spec.httpGet?.httpHeaders, tcp: !spec.httpGet }, timeoutMs, token); // prettier-ignore
}

const title = (type: string): string => type[0]!.toUpperCase() + type.slice(1);

/** The outcome of a probe: counted, and acted on when its threshold is reached. */
export function probed(
  k: Kubelet,
  w: Worker,
  record: ContainerRecord,
  type: ProbeState['type'],
  token: string,
  ok: boolean,
  text: string,
): void {
  const probe = probeOf(record, type);
  if (!probe || probe.token !== token || record.state !== 'running') return;
  probe.token = '';
  if (record.stopping && type !== 'readiness') return;
  const container = specOf(w.pod.spec!, record.name);
  const spec = specOfProbe(container, type)!;
  if (!ok) podEvent(k, w, 'Warning', 'Unhealthy', `${title(type)} probe failed: ${text}`, record);
  probe.run = probe.result === ok ? probe.run + 1 : 1;
  probe.result = ok;
  const settled = probe.run >= (ok ? (spec.successThreshold ?? 1) : (spec.failureThreshold ?? 3));
  if (settled && probe.verdict !== ok) {
    probe.verdict = ok;
    decide(k, w, record, probe, spec, text);
  }
  if (record.state !== 'running' || (record.stopping && type !== 'readiness')) return;
  if (type === 'startup' && record.started) return;
  const { recheck } = probe;
  probe.recheck = false;
  if (ok && settled && !recheck) return; // parked
  due(k, w, record, probe, false);
}

/** A threshold is reached: the container becomes ready or unready, started, or is killed. */
function decide(k: Kubelet, w: Worker, record: ContainerRecord, probe: ProbeState, spec: V1Probe, text: string): void {
  const { ctx } = k;
  const ok = probe.verdict!;
  if (probe.type === 'readiness' ? record.ready === ok : ok && probe.type === 'liveness') return;
  const what = { container: record.name, probe: probe.type };
  if (ok) deed(k, w, 'kubelet.probe-succeeded', what);
  else deed(k, w, 'kubelet.probe-failed', { ...what, message: text });
  if (probe.type === 'readiness') {
    record.ready = ok;
    touch(k, w);
  } else if (ok) {
    openGate(k, w, record);
    touch(k, w);
    syncAt(k, w, ctx.now);
  } else if (!w.terminating) {
    const restart = shouldRestart(specOf(w.pod.spec!, record.name), w.pod.spec!, 137);
    const message = `Container ${record.name} failed ${probe.type} probe${restart ? ', will be restarted' : ''}`;
    stopContainer(k, w, record, spec.terminationGracePeriodSeconds ?? graceOf(w.pod), message);
  }
}

/** The answers of a container may have changed: parked probes run again, from their next tick on. */
export function wakeProbes(k: Kubelet, w: Worker, record: ContainerRecord): void {
  if (record.state !== 'running') return;
  for (const probe of record.probes) {
    if (probe.type === 'startup' ? record.started : !record.started) continue;
    if (probe.type !== 'readiness' && (record.stopping || w.terminating)) continue;
    if (probe.token !== '') probe.recheck = true;
    else if (probe.dueAt === 0) due(k, w, record, probe, false);
  }
}
