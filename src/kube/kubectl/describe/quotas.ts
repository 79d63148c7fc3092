import { compareQuantity, type KubeObject } from '../../apimachinery/index.ts';
import type { LimitRange, ResourceQuota } from '../../apis/index.ts';
import { compareText } from './order.ts';
import type { Sheet } from './sheet.ts';

/** `resource  used  hard` of a quota, sorted. */
function usedLines(sheet: Sheet, level: number, { status = {} }: ResourceQuota): void {
  for (const name of Object.keys(status.hard ?? {}).sort(compareText))
    sheet.line(level, `${name}\t${status.used?.[name] ?? '0'}\t${status.hard![name]}`);
}

/** `kubectl describe quota`. Kubernetes: describeQuota. */
export function describeResourceQuota(sheet: Sheet, object: KubeObject): void {
  const quota = object as unknown as ResourceQuota;
  sheet.line(0, `Name:\t${quota.metadata.name}`);
  sheet.line(0, `Namespace:\t${quota.metadata.namespace}`);
  const scopes = [...(quota.spec?.scopes ?? [])].sort(compareText);
  if (scopes.length > 0) sheet.line(0, `Scopes:\t${scopes.join(', ')}`);
  for (const scope of scopes) if (helps[scope]) sheet.line(0, ` * ${helps[scope]}`);
  sheet.line(0, 'Resource\tUsed\tHard');
  sheet.line(0, '--------\t----\t----');
  usedLines(sheet, 0, quota);
}

const helps: Readonly<Record<string, string>> = {
  Terminating: 'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.', // prettier-ignore
  NotTerminating: 'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.', // prettier-ignore
  BestEffort: 'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.', // prettier-ignore
  NotBestEffort: 'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.', // prettier-ignore
};

/** One row per type and resource of a LimitRange. */
function limitLines(sheet: Sheet, indent: string, { spec }: LimitRange): void {
  for (const item of spec?.limits ?? []) {
    const { min = {}, max = {}, default: limits = {}, defaultRequest = {}, maxLimitRequestRatio = {} } = item;
    const lists = [min, max, defaultRequest, limits, maxLimitRequestRatio];
    const names = [...new Set(lists.flatMap((list) => Object.keys(list)))].sort(compareText);
    for (const name of names) {
      const cells = lists.map((list) => {
        const amount = list[name];
        return amount === undefined || compareQuantity(amount, '0') === 0 ? '-' : amount;
      });
      sheet.line(0, `${indent}${item.type}\t${name}\t${cells.join('\t')}`);
    }
  }
}

const limitTitles = 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const limitRule = '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

/** `kubectl describe limitrange`. Kubernetes: describeLimitRangeSpec. */
export function describeLimitRange(sheet: Sheet, object: KubeObject): void {
  sheet.line(0, `Name:\t${object.metadata.name}`);
  sheet.line(0, `Namespace:\t${object.metadata.namespace}`);
  sheet.line(0, limitTitles);
  sheet.line(0, limitRule);
  limitLines(sheet, '', object as unknown as LimitRange);
}

/** Quotas and limits of a namespace, as its description ends. Kubernetes: DescribeResourceQuotas, DescribeLimitRanges. */
export function namespaceLimits(sheet: Sheet, namespace: string): void {
  const { client, ctx } = sheet.run;
  const quotas = client.list(ctx, 'resourcequotas', namespace);
  const ranges = client.list(ctx, 'limitranges', namespace);
  if (quotas.length === 0) sheet.line(0, '\nNo resource quota.');
  else {
    sheet.line(0, '\nResource Quotas');
    for (const quota of quotas) {
      sheet.line(1, `Name:\t${quota.metadata.name}`);
      sheet.line(1, 'Resource\tUsed\tHard');
      sheet.line(1, '--------\t---\t---');
      usedLines(sheet, 1, quota);
    }
  }
  if (ranges.length === 0) sheet.line(0, '\nNo LimitRange resource.');
  else {
    sheet.line(0, `\nResource Limits\n ${limitTitles}\n ${limitRule}`);
    for (const range of ranges) limitLines(sheet, ' ', range);
  }
}
