import type { Lang } from '../stores/settings.ts';

/** Thin space: stands before %, s and ms. */
export const thin = '\u2009';

const two = (n: number): string => String(n).padStart(2, '0');

/** `00:01:34`: the clock. */
export function clock(ms: number): string {
  const s = Math.floor(ms / 1000);
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** `01:34`, from an hour on `1:01:34`: axis and cards. */
export function axisTime(ms: number): string {
  const s = Math.floor(ms / 1000);
  const hours = Math.floor(s / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** `5 m 00 s`, `37 s`, `420 ms`; Korean `5분 00초`. */
export function duration(ms: number, lang: Lang): string {
  if (ms < 1000) return lang === 'ko' ? `${Math.round(ms)}${thin}ms` : `${Math.round(ms)}${thin}ms`;
  const s = Math.round(ms / 1000);
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  const unit = lang === 'ko' ? { h: '시간', m: '분', s: '초' } : { h: `${thin}h`, m: `${thin}m`, s: `${thin}s` };
  if (h > 0) return `${h}${unit.h} ${two(m)}${unit.m}`;
  if (m > 0) return `${m}${unit.m} ${two(s % 60)}${unit.s}`;
  return `${s}${unit.s}`;
}

/** `97.6 %`; whole values without decimals, and 99.96 never reads 100. */
export function percent(value: number): string {
  const shown =
    value >= 99.95 && value < 100 ? '99.9' : value === 0 || value === 100 ? String(value) : value.toFixed(1);
  return `${shown}${thin}%`;
}

/** `48 ms`, `1.2 s`. */
export const latency = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)}${thin}ms` : `${(ms / 1000).toFixed(1)}${thin}s`;

/** Thousands apart: `4,000`. */
export const count = (n: number): string => n.toLocaleString('en-US');

/** Bytes as Kubernetes writes memory: `512Mi`. */
export function memory(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(bytes % 1024 ** 3 === 0 ? 0 : 1)}Gi`;
  return `${Math.round(bytes / 1024 ** 2)}Mi`;
}
