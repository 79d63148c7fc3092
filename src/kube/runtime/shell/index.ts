import type { Context } from '../../../kernel/index.ts';
import type { Net, NetResponse } from '../../network/net.ts';
import type { Scope } from '../files.ts';
import type { Container, RuntimeMemory } from '../memory.ts';
import type { Signal } from '../program.ts';

export function isUtility(_scope: Scope | null, _word: string): boolean {
  return false;
}
export function startTask(
  _s: Scope,
  _n: Net,
  _argv: readonly string[],
  _env: Readonly<Record<string, string>>,
  _pid: number,
): void {}
export function signalTask(_s: Scope, _n: Net, _pid: number, _signal: Signal): void {}
export function responseToTask(_s: Scope, _n: Net, _pid: number, _name: string, _r: NetResponse): void {}
export function startExec(
  _ctx: Context,
  _n: Net,
  _m: RuntimeMemory,
  _c: Container | undefined,
  _cmd: readonly string[],
  _token: string,
  _ms: number,
): void {}
export function finishedTaskWork(_s: Scope, _n: Net, _pid: number): void {}
export function wakeTask(_s: Scope, _n: Net, _pid: number, _turn: number): void {}
export function execTimeout(_s: Scope, _n: Net, _pid: number): void {}
