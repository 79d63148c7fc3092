import type { Context } from '../../../kernel/index.ts';
import type { ExecDone } from '../cri.ts';
import type { Scope } from '../files.ts';
import type { Container, RuntimeMemory } from '../memory.ts';

/** Ends every task of a container that has ended; execs are answered as killed. */
export function killTasks(ctx: Context, memory: RuntimeMemory, container: Container): void {
  for (const task of container.tasks.splice(0)) {
    if (task.token === undefined) continue;
    const done: ExecDone = { token: task.token, exitCode: 137, output: '', timedOut: false };
    ctx.after(0, `kubelet/${memory.node}`, 'exec-done', done);
  }
}

/** A program that a shell has started has ended. */
export function serverEnded(_scope: Scope, _pid: number, _code: number): void {}
