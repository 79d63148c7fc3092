import { ApiError, failure } from '../../kube/apimachinery/index.ts';
import type { V1Pod } from '../../generated/types.ts';
import { kubeletProblem, type Session } from '../../session/index.ts';
import type { Listeners } from './listeners.ts';
import type { WriteLog } from './writes.ts';

/** What the answers to streaming requests need of the run that is served. */
export interface Access {
  readonly session: Session;
  readonly listeners: Listeners;
  readonly writes: WriteLog;
}

/** A pod as it is now. Throws what the API server answers when it has none. */
export function podOf({ session }: Pick<Access, 'session'>, namespace: string, name: string): V1Pod {
  const { code, body } = session.request({ verb: 'get', resource: 'pods', namespace, name });
  if (code !== 200) throw new ApiError(body as ApiError['status']);
  return body as unknown as V1Pod;
}

/** Throws what the API server answers when it cannot dial the kubelet of a machine for this path. */
export function dialKubelet({ session }: Pick<Access, 'session'>, node: string, path: string): void {
  const why = kubeletProblem(session, node);
  if (why !== null) throw failure(500, '', why.replace('/":', `${path}":`));
}
