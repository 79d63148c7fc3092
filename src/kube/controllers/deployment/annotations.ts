import type { ReplicaSet } from '../../apis/index.ts';

const prefix = 'deployment.kubernetes.io/';
/** Annotations by which a Deployment's controller keeps its history. */
export const revisionAnnotation = `${prefix}revision`;
export const revisionHistoryAnnotation = `${prefix}revision-history`;
export const desiredAnnotation = `${prefix}desired-replicas`;
export const maxAnnotation = `${prefix}max-replicas`;

/** An annotation as a number, or undefined. */
export function annotatedNumber(rs: ReplicaSet, annotation: string): number | undefined {
  const text = rs.metadata.annotations?.[annotation];
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}
