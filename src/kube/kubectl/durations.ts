import { UsageError } from './parse.ts';

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/** Milliseconds of a Go duration such as `1m30s`, the value of a flag. Throws what pflag says. Go: time.ParseDuration. */
export function parseDuration(text: string, flag: string, verb = ''): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)];
  const whole = parts.map(([part]) => part).join('');
  if (text === '0') return 0;
  if (parts.length === 0 || whole !== text.replace(/^[+-]/, '')) {
    const why = /^[+-]?\d+(\.\d*)?$/.test(text) ? 'missing unit in duration' : 'invalid duration';
    throw new UsageError(
      `error: invalid argument "${text}" for "--${flag}" flag: time: ${why} "${text}"\nSee 'kubectl ${verb ? `${verb} ` : ''}--help' for usage.`,
    );
  }
  const sum = parts.reduce((total, [, number, unit]) => total + Number(number) * units[unit!]!, 0);
  return (text.startsWith('-') ? -1 : 1) * Math.round(sum);
}

/** `1m30s`, `13s`, `500ms`, `0s`. Go: time.Duration.String. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
