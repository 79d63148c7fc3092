import type { V2MetricSpec, V2MetricTarget } from '../../../generated/types.ts';
import { parseQuantity, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { createAndTell, creationFlags } from '../create.ts';
import { UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';

/** `kubectl autoscale TYPE/NAME --max=N`: an autoscaler for what is there. Kubernetes: kubectl/pkg/cmd/autoscale. */
export const autoscale: Command = {
  name: 'autoscale',
  flags: {
    flags: {
      ...creationFlags.flags,
      filename: 'list',
      min: 'string',
      max: 'string',
      cpu: 'string',
      memory: 'string',
      'cpu-percent': 'string',
      name: 'string',
    },
    short: { ...creationFlags.short, f: 'filename' },
  },
  run(run) {
    if (run.flag('max') === undefined) throw new UsageError('error: required flag(s) "max" not set');
    const [min, max] = [numberOf(run, 'min') ?? -1, numberOf(run, 'max')!];
    const old = numberOf(run, 'cpu-percent');
    if (old !== undefined)
      run.err("Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\n"); // prettier-ignore
    if (max < 1) throw new UsageError(`error: --max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min) throw new UsageError(`error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`); // prettier-ignore
    const metrics = [
      ...metric('cpu', old === undefined ? run.flag('cpu') : `${old}%`),
      ...metric('memory', run.flag('memory')),
    ];
    for (const { kind, name, namespace } of targetsOf(run, run.args.positional)) {
      try {
        run.request({ verb: 'get', resource: kind.key, namespace, name });
        if (!kind.scale)
          throw new UsageError(`error: cannot autoscale a ${kind.kind}: no matches for scale subresource`);
        const autoscaler = {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: run.flag('name') || name },
          spec: {
            maxReplicas: max,
            ...(metrics.length > 0 && { metrics }),
            ...(min > 0 && { minReplicas: min }),
            scaleTargetRef: {
              apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
              kind: kind.kind,
              name,
            },
          },
          status: { currentMetrics: null, desiredReplicas: 0 },
        };
        const made = kindOf('horizontalpodautoscalers.autoscaling')!;
        createAndTell(run, made, autoscaler as unknown as KubeObject, undefined, 'autoscaled');
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};

function numberOf(run: Invocation, flag: string): number | undefined {
  const text = run.flag(flag);
  if (text === undefined) return undefined;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new UsageError(`error: invalid argument "${text}" for "--${flag}" flag: strconv.ParseInt: parsing "${text}": invalid syntax`); // prettier-ignore
}

/** `70%` is a utilization, `500m` a value per pod. */
function metric(name: string, text: string | undefined): V2MetricSpec[] {
  if (text === undefined || text === '') return [];
  return [{ resource: { name, target: targetOf(name, text) }, type: 'Resource' }];
}

function targetOf(name: string, text: string): V2MetricTarget {
  if (text.endsWith('%')) {
    const percent = Number(text.slice(0, -1));
    if (!Number.isInteger(percent)) throw new UsageError(`error: invalid ${name} utilization percentage: ${text}`);
    return { averageUtilization: percent, type: 'Utilization' };
  }
  if (!parseQuantity(text)) throw new UsageError(`error: invalid ${name} resource quantity: ${text}`);
  return { averageValue: text, type: 'AverageValue' };
}
