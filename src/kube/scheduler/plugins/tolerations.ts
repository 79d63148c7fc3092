import type { V1Taint, V1Toleration } from '../../../generated/types.ts';

/** Whether one toleration covers a taint; an empty key with Exists covers all. Kubernetes: v1.Toleration.ToleratesTaint. */
export function tolerates(toleration: V1Toleration, taint: V1Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? '') {
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '');
    case 'Exists':
      return true;
    default:
      return false;
  }
}

/** Whether any of the tolerations covers the taint. */
export const tolerated = (taint: V1Taint, tolerations: readonly V1Toleration[]): boolean =>
  tolerations.some((toleration) => tolerates(toleration, taint));

/** Whether a taint that keeps pods away (NoSchedule, NoExecute) is not tolerated. */
export const hasUntolerated = (
  taints: readonly V1Taint[] | undefined,
  tolerations: readonly V1Toleration[] | undefined,
): boolean =>
  taints !== undefined &&
  taints.some(
    (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerated(taint, tolerations ?? []),
  );
