import { microTimestamp } from '../../apimachinery/index.ts';
import type { Run } from '../program.ts';

const methods = ['GET', 'POST', 'PUT'];
const namespaces = ['kube-system', 'default', 'ns'];
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** One line of `logs-generator`: a request that nobody made. Kubernetes: test/images/agnhost/logs-generator. */
export function logLine({ ctx, memory }: Run, number: number): string {
  const random = ctx.random(`logs-generator/${memory.node}`);
  const pick = <T>(list: ArrayLike<T>): T => list[random.int(list.length)]!;
  const name = Array.from({ length: 3 }, () => pick(letters)).join('');
  const [, month, day, time] = /^\d+-(\d\d)-(\d\d)T(.*)Z$/.exec(microTimestamp(ctx.now))!;
  const url = `/api/v1/namespaces/${pick(namespaces)}/pods/${name}`;
  return `I${month}${day} ${time}       1 logs_generator.go:76] ${number} ${pick(methods)} ${url} ${200 + random.int(400)}`;
}

/** Milliseconds of a duration as Go writes it: `20s`, `1m30s`. */
export function goMillis(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) sum += Number(number) * units[unit!]!;
  return sum;
}
