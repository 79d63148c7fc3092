/**
 * A delay that doubles. Kubernetes: client-go/util/flowcontrol/backoff.go; the kubelet uses it for crashing
 * containers and failing image pulls with 10 s, at most 300 s.
 */
export interface Backoff {
  readonly delayMs: number;
  /** When it last grew. */
  readonly updatedAt: number;
}

export const initialBackoffMs = 10_000;
export const maxBackoffMs = 300_000;

/** Forgotten when what failed now had worked for more than twice the longest delay: 10 minutes. */
const expired = (backoff: Backoff, eventAt: number): boolean => eventAt - backoff.updatedAt > 2 * maxBackoffMs;

/** The back-off after one more failure at `eventAt`: 10, 20, 40, 80, 160, 300, 300 … seconds. */
export function nextBackoff(backoff: Backoff | null, eventAt: number, now: number): Backoff {
  const delayMs =
    !backoff || expired(backoff, eventAt) ? initialBackoffMs : Math.min(backoff.delayMs * 2, maxBackoffMs);
  return Object.freeze({ delayMs, updatedAt: now });
}

/** Milliseconds that are still to be waited after a failure at `eventAt`; 0 when the next try may come at once. */
export function backoffLeft(backoff: Backoff | null, eventAt: number, now: number): number {
  if (!backoff || expired(backoff, eventAt)) return 0;
  return Math.max(0, eventAt + backoff.delayMs - now);
}

/** A duration as Go prints it: 1500 → `1.5s`, 80 000 → `1m20s`, 300 000 → `5m0s`, 250 → `250ms`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`;
}
