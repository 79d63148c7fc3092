import type { Context } from '../../kernel/index.ts';
import type { NetResponse } from '../network/net.ts';
import type { Dialled, ExecOutput } from '../observations.ts';

/** Where output goes that a client outside reads: its exec, which of the two outputs, and whether it looks at a terminal. */
export interface Listening {
  readonly exec: number;
  readonly fd: 1 | 2;
  readonly tty: boolean;
}

/** Tells a client outside what was printed for it. A terminal has one output, whose lines end with carriage returns. */
export function tell(ctx: Context, { exec, fd, tty }: Listening, text: string): void {
  const output: ExecOutput = {
    type: 'exec-output',
    id: exec,
    fd: tty ? 1 : fd,
    text: tty ? text.replace(/\r?\n/g, '\r\n') : text,
  };
  ctx.emit(output);
}

/** Begin of the token of what a client outside has asked for; its id follows. */
export const remoteToken = 'remote/';

/** Tells a client outside what became of its request. */
export function tellDialled(ctx: Context, { token, status, headers, body, error }: NetResponse): void {
  const dialled: Dialled = {
    type: 'dialled',
    id: Number(token.slice(remoteToken.length)),
    status,
    headers,
    body,
    error,
  };
  ctx.emit(dialled);
}
