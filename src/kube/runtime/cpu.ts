import { floorLog2, type Context } from '../../kernel/index.ts';
import { lastWindowEnd, machinesOf, usageWindowMs as windowMs } from '../machines.ts';
import { stirred, tellBehaviour, type Container, type Cpu, type RuntimeMemory, type Work } from './memory.ts';

/** Answers later than this are told to the kubelet, and every doubling of it. */
const lateMs = 500;
/** Work below this, on a container at rest, needs no queue: it is answered in the same millisecond. */
const lightMs = 1;
const epsilon = 1e-6;

function cpuOf(container: Container, now: number): Cpu {
  return (container.cpu ??= {
    queue: [],
    rate: 0,
    spinRate: 0,
    spin: 0,
    pending: 0,
    cause: 0,
    since: now,
    turn: 0,
    lightUntil: 0,
    windowAt: now - (now % windowMs),
    used: 0,
    usedBefore: 0,
    usedEarlier: 0,
    lateness: 0,
  });
}

const coresOf = (ctx: Context, memory: RuntimeMemory): number =>
  machinesOf(ctx).nodes.get(memory.node)!.cpuMilli / 1000;

const ceilingOf = (container: Container, cores: number): number =>
  container.config.cpuLimitMilli ? Math.min(cores, container.config.cpuLimitMilli / 1000) : cores;

/** Cores that a container could use now: one per piece of work, one per spinning process, at most its limit. */
const demandOf = (container: Container, cpu: Cpu, cores: number): number =>
  Math.min(ceilingOf(container, cores), cpu.queue.length + cpu.spin);

/** Adds used core-ms between two times to the windows from which usage is read. */
function account(cpu: Cpu, from: number, to: number, used: number): void {
  const start = to - (to % windowMs);
  const turned = (start - cpu.windowAt) / windowMs;
  if (turned > 0) {
    cpu.usedEarlier = turned === 1 ? cpu.usedBefore : turned === 2 ? cpu.used : 0;
    cpu.usedBefore = turned === 1 ? cpu.used : 0;
    cpu.used = 0;
    cpu.windowAt = start;
  }
  if (from >= start) {
    cpu.used += used;
    return;
  }
  const perMs = used / (to - from);
  const before = start - windowMs;
  cpu.used += perMs * (to - start);
  cpu.usedBefore += perMs * (start - Math.max(from, before));
  cpu.usedEarlier += perMs * Math.max(0, before - Math.max(from, before - windowMs));
}

/** Lets time pass: the queue's work shrinks at its rate. What is done stays in the queue with nothing left. */
function progress(cpu: Cpu, now: number): void {
  const elapsed = now - cpu.since;
  if (elapsed <= 0) return;
  let done = elapsed * cpu.rate;
  let used = elapsed * cpu.spinRate;
  for (const work of cpu.queue) {
    if (done <= 0) break;
    const part = Math.min(work.left, done);
    work.left -= part;
    done -= part;
    used += part;
    cpu.pending -= part;
  }
  account(cpu, cpu.since, now, used);
  cpu.since = now;
}

/** Shares the machine's cores among the containers that want some: limits first, then by request. */
function share(ctx: Context, memory: RuntimeMemory): void {
  const cores = coresOf(ctx, memory);
  const wanting: { container: Container; cpu: Cpu; demand: number; weight: number; got: number }[] = [];
  let total = 0;
  for (const id of memory.busy) {
    const container = memory.containers.get(id)!;
    const cpu = container.cpu!;
    const demand = demandOf(container, cpu, cores);
    total += demand;
    wanting.push({ container, cpu, demand, weight: Math.max(2, container.config.cpuRequestMilli), got: demand });
  }
  if (total > cores) divide(wanting, cores);
  for (const { container, cpu, got } of wanting) setRate(ctx, memory, container, cpu, got, cores);
}

/**
 * Divides cores by weight; who wants less than its part leaves the rest to the others.
 * 2 cores, demands 2/2/0.1, weights 200/100/100: 0.1, then 1.9 as 2:1 → 1.27 and 0.63.
 */
function divide(wanting: { demand: number; weight: number; got: number }[], cores: number): void {
  let open = wanting;
  let left = cores;
  for (;;) {
    const weights = open.reduce((sum, w) => sum + w.weight, 0);
    const content = open.filter((w) => w.demand <= (left * w.weight) / weights);
    if (content.length === 0) {
      for (const w of open) w.got = (left * w.weight) / weights;
      return;
    }
    for (const w of content) {
      w.got = w.demand;
      left -= w.demand;
    }
    open = open.filter((w) => !content.includes(w));
    if (open.length === 0) return;
  }
}

function setRate(
  ctx: Context,
  memory: RuntimeMemory,
  container: Container,
  cpu: Cpu,
  got: number,
  cores: number,
): void {
  const queued = Math.min(cpu.queue.length, ceilingOf(container, cores));
  const rate = queued === 0 ? 0 : (got * queued) / (queued + cpu.spin);
  const spinRate = got - rate;
  if (Math.abs(rate - cpu.rate) < epsilon && Math.abs(spinRate - cpu.spinRate) < epsilon) return;
  progress(cpu, ctx.now);
  cpu.rate = rate;
  cpu.spinRate = spinRate;
  schedule(ctx, memory, container, cpu);
}

/** Schedules the end of the queue's head. */
function schedule(ctx: Context, memory: RuntimeMemory, container: Container, cpu: Cpu): void {
  cpu.turn++;
  const head = cpu.queue[0];
  if (!head || cpu.rate <= 0) return;
  const delay = Math.max(0, Math.ceil(head.left / cpu.rate - epsilon));
  ctx.after(delay, `runtime/${memory.node}`, 'cpu', { id: container.id, turn: cpu.turn });
}

/**
 * Tries to do a small piece of work at once: true when the container is at rest and has kept up.
 * Spares an event for what takes less than a millisecond; a flood of small work still ends in the queue.
 */
export function doLight(ctx: Context, memory: RuntimeMemory, container: Container, cpuMs: number): boolean {
  if (cpuMs > lightMs) return false;
  const cpu = cpuOf(container, ctx.now);
  if (cpu.queue.length > 0 || cpu.spin > 0) return false;
  const rate = memory.busy.size === 0 ? ceilingOf(container, coresOf(ctx, memory)) : fairRate(ctx, memory, container);
  const until = Math.max(ctx.now, cpu.lightUntil) + cpuMs / Math.min(1, rate);
  if (until > ctx.now + lightMs) return false;
  cpu.lightUntil = until;
  stirred(ctx, memory, container);
  account(cpu, ctx.now, ctx.now, cpuMs);
  return true;
}

/** Counts CPU that is too little to wait for: a shell's own steps. */
export function charge(ctx: Context, memory: RuntimeMemory, container: Container, cpuMs: number): void {
  stirred(ctx, memory, container);
  account(cpuOf(container, ctx.now), ctx.now, ctx.now, cpuMs);
}

/** What one more busy container would get while others are busy. */
function fairRate(ctx: Context, memory: RuntimeMemory, container: Container): number {
  const cores = coresOf(ctx, memory);
  let weights = Math.max(2, container.config.cpuRequestMilli);
  const own = weights;
  for (const id of memory.busy) weights += Math.max(2, memory.containers.get(id)!.config.cpuRequestMilli);
  return Math.min(ceilingOf(container, cores), (cores * own) / weights);
}

/** Puts work at the end of a container's queue. */
export function enqueue(ctx: Context, memory: RuntimeMemory, container: Container, work: Work): void {
  const cores = coresOf(ctx, memory);
  const cpu = cpuOf(container, ctx.now);
  stirred(ctx, memory, container);
  progress(cpu, ctx.now);
  const before = demandOf(container, cpu, cores);
  cpu.queue.push(work);
  cpu.pending += work.left;
  cpu.cause = ctx.cause;
  if (!memory.busy.has(container.id)) memory.busy.add(container.id);
  if (demandOf(container, cpu, cores) !== before || cpu.rate === 0) share(ctx, memory);
  tellLateness(ctx, memory, container, cpu);
}

/** Puts a calculation of process `pid` at the end of the queue; the process is told when it is done. */
export function compute(ctx: Context, memory: RuntimeMemory, container: Container, cpuMs: number, pid: number): void {
  enqueue(ctx, memory, container, { left: cpuMs, pid });
}

/** Takes the finished work off a container's queue when a `cpu` event says that its head is done. */
export function finished(ctx: Context, memory: RuntimeMemory, container: Container, turn: number): readonly Work[] {
  const cpu = container.cpu;
  if (!cpu || cpu.turn !== turn) return [];
  const cores = coresOf(ctx, memory);
  const before = demandOf(container, cpu, cores);
  progress(cpu, ctx.now);
  const done: Work[] = [];
  while (cpu.queue.length > 0 && cpu.queue[0]!.left <= epsilon) done.push(cpu.queue.shift()!);
  settle(ctx, memory, container, cpu, before, cores);
  return done;
}

/** After the queue or the spinning changed: new shares where they change, else only the next head. */
function settle(
  ctx: Context,
  memory: RuntimeMemory,
  container: Container,
  cpu: Cpu,
  before: number,
  cores: number,
): void {
  const demand = demandOf(container, cpu, cores);
  if (cpu.queue.length === 0) cpu.pending = 0;
  if (demand === 0) {
    memory.busy.delete(container.id);
    cpu.rate = 0;
    cpu.spinRate = 0;
    cpu.turn++;
  }
  if (demand !== before) share(ctx, memory);
  if (demand > 0) schedule(ctx, memory, container, cpu);
  tellLateness(ctx, memory, container, cpu);
}

/** Processes that use a core without end (a `while true` loop, a stress test): `cores` more, or fewer. */
export function spin(ctx: Context, memory: RuntimeMemory, container: Container, cores: number): void {
  const cpu = cpuOf(container, ctx.now);
  const all = coresOf(ctx, memory);
  stirred(ctx, memory, container);
  progress(cpu, ctx.now);
  const before = demandOf(container, cpu, all);
  cpu.spin = Math.max(0, cpu.spin + cores);
  if (cpu.spin > 0) memory.busy.add(container.id);
  settle(ctx, memory, container, cpu, before, all);
}

/** Ends a container's claim on the cores; returns the work that nobody will finish. */
export function stopWork(ctx: Context, memory: RuntimeMemory, container: Container): readonly Work[] {
  const cpu = container.cpu;
  if (!cpu) return [];
  progress(cpu, ctx.now);
  const left = cpu.queue.splice(0);
  cpu.spin = 0;
  cpu.rate = 0;
  cpu.spinRate = 0;
  cpu.pending = 0;
  cpu.turn++;
  if (memory.busy.delete(container.id)) share(ctx, memory);
  return left;
}

function tellLateness(ctx: Context, memory: RuntimeMemory, container: Container, cpu: Cpu): void {
  const late = cpu.rate > 0 ? cpu.pending / cpu.rate : 0;
  let level = levelOf(late);
  if (level < cpu.lateness) level = Math.min(cpu.lateness, levelOf(late * 1.4)); // a little slack against flutter
  if (level === cpu.lateness) return;
  cpu.lateness = level;
  if (container.state === 'running') tellBehaviour(ctx, memory, container);
}

/** 0 below 500 ms, 1 below 1 s, 2 below 2 s, … */
const levelOf = (ms: number): number => (ms < lateMs ? 0 : 1 + floorLog2(ms / lateMs));

/** Core-ms used in the last window that has been scraped. Reads only. */
export function lastWindowOf(container: Container, now: number): number {
  const cpu = container.cpu;
  if (!cpu) return 0;
  const copy = { ...cpu, queue: cpu.queue.map((work) => ({ ...work })) };
  progress(copy, now);
  account(copy, now, now, 0);
  return lastWindowEnd(now) === copy.windowAt ? copy.usedBefore : copy.usedEarlier;
}

/** True when the container uses no CPU and has used none in the windows that can still be read. */
export function isIdle(container: Container, now: number): boolean {
  const cpu = container.cpu;
  if (!cpu) return true;
  if (cpu.queue.length > 0 || cpu.spin > 0) return false;
  const copy = { ...cpu };
  account(copy, now, now, 0);
  return copy.used === 0 && copy.usedBefore === 0 && copy.usedEarlier === 0;
}

/** Present use in millicores: the last full window and the one that runs, weighted. Reads only. */
export function cpuMilliOf(container: Container, now: number): number {
  const cpu = container.cpu;
  if (!cpu) return 0;
  const running = container.state === 'running';
  const copy = { ...cpu, queue: cpu.queue.map((w) => ({ ...w })) };
  if (running) progress(copy, now);
  account(copy, now, now, 0);
  const part = (now - copy.windowAt) / windowMs;
  const age = Math.max(1, Math.min(windowMs, now - container.startedAt));
  return (1000 * (copy.used + copy.usedBefore * (1 - part))) / age;
}
