import type { KernelEvent } from '../../kernel/index.ts';
import type { NetResponse } from '../network/index.ts';
import type { ExecDone } from '../runtime/cri.ts';
import { containerStarted } from './containers.ts';
import { podEvent } from './events.ts';
import { graceOf, recordOf, specOf, type Awaited, type ContainerRecord, type Kubelet, type Worker } from './memory.ts';
import { execOutcome, netOutcome } from './probe-outcomes.ts';
import { probed } from './probes.ts';
import { syncAt } from './schedule.ts';
import { signal, stopContainer } from './termination.ts';

/** The answer to a probe or hook. */
export function answered(k: Kubelet, event: KernelEvent): void {
  const { token } = event.payload as { token: string };
  const awaited: Awaited | undefined = k.memory.waiting.get(token);
  if (!awaited) return;
  k.memory.waiting.delete(token);
  const w = k.memory.workers.get(awaited.uid);
  const record = w && recordOf(w, awaited.container);
  if (!w || !record || record.id !== awaited.id) return;
  if (awaited.what === 'preStop' || awaited.what === 'postStart') {
    if (record.state === 'running') hookAnswered(k, w, record, awaited.what, event);
    return;
  }
  const container = specOf(w.pod.spec!, record.name);
  const outcome =
    event.type === 'exec-done'
      ? execOutcome(container, awaited.what, event.payload as ExecDone)
      : netOutcome(w, container, awaited.what, event.payload as NetResponse);
  probed(k, w, record, awaited.what, token, outcome.ok, outcome.text);
}

function hookAnswered(
  k: Kubelet,
  w: Worker,
  record: ContainerRecord,
  what: 'preStop' | 'postStart',
  event: KernelEvent,
): void {
  if (event.type === 'exec-done') {
    const done = event.payload as ExecDone;
    hookDone(k, w, record, what, done.exitCode === 0 && !done.timedOut, done.output);
  } else if (event.type === 'response') {
    const response = event.payload as NetResponse;
    hookDone(k, w, record, what, response.status > 0 && response.status < 400, response.error ?? `${response.status}`);
  } else hookDone(k, w, record, what, true, '');
}

/** A hook has ended. `output` is what it said when it failed. */
function hookDone(
  k: Kubelet,
  w: Worker,
  record: ContainerRecord,
  what: 'postStart' | 'preStop',
  ok: boolean,
  output: string,
): void {
  if (what === 'preStop') {
    if (!ok) podEvent(k, w, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', record);
    if (record.stopping && !record.stopping.signalled) signal(k, record);
    return;
  }
  if (w.busy?.step === 'postStart' && w.busy.container === record.name) w.busy = null;
  if (ok) containerStarted(k, w, record);
  else {
    podEvent(k, w, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', record);
    record.waiting = Object.freeze({ reason: 'PostStartHookError', message: output });
    stopContainer(k, w, record, graceOf(w.pod), 'FailedPostStartHook');
  }
  syncAt(k, w, k.ctx.now);
}
