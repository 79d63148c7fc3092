import type { V1JobStatus } from '../../../generated/types.ts';
import { equal } from '../../apimachinery/index.ts';
import type { StatusDraft } from './counting.ts';

/** The status as the API shows it: no zeros but of `ready` and `terminating`, no empty texts. Says whether it differs. */
export function statusOf(
  before: V1JobStatus | undefined,
  draft: StatusDraft,
): { readonly status: V1JobStatus; readonly changed: boolean } {
  const { conditions, startTime, completionTime, active, succeeded, failed } = draft;
  const status: V1JobStatus = {
    ...(conditions && conditions.length > 0 && { conditions }),
    ...(startTime && { startTime }),
    ...(completionTime && { completionTime }),
    ...(active && { active }),
    ...(succeeded && { succeeded }),
    ...(failed && { failed }),
    ...(draft.terminating !== undefined && { terminating: draft.terminating }),
    ...(draft.completedIndexes && { completedIndexes: draft.completedIndexes }),
    ...(draft.failedIndexes !== undefined && { failedIndexes: draft.failedIndexes }),
    uncountedTerminatedPods: draft.uncountedTerminatedPods ?? {},
    ...(draft.ready !== undefined && { ready: draft.ready }),
  };
  return { status, changed: !equal(status, before) };
}
