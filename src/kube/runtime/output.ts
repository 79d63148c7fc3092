import type { Context } from '../../kernel/index.ts';
import type { LogLines } from '../observations.ts';
import type { Container, RuntimeMemory } from './memory.ts';
import { tell } from './tell.ts';

/** Kept per container; older lines are forgotten, as log rotation would. */
const maxLines = 500;
const maxChars = 65_536;

/** Adds whole lines to a container's log and tells the page. `lines` may be a constant of an image: it is shared. */
export function writeLines(ctx: Context, memory: RuntimeMemory, container: Container, lines: readonly string[]): void {
  if (lines.length === 0) return;
  if (container.attached) tellAttached(ctx, container, lines.map((line) => `${line}\n`).join(''));
  addLines(ctx, memory, container, lines);
}

/** Tells clients that are attached to the main process what it prints, letter by letter. */
function tellAttached(ctx: Context, { attached = [] }: Container, text: string): void {
  for (const { exec, tty } of attached) tell(ctx, { exec, fd: 1, tty }, text);
}

function addLines(ctx: Context, memory: RuntimeMemory, container: Container, lines: readonly string[]): void {
  if (!Object.isFrozen(lines)) Object.freeze(lines);
  let chars = 0;
  for (const line of lines) chars += line.length + 1;
  container.log.push(Object.freeze({ at: ctx.now, lines }));
  container.logLines += lines.length;
  container.logChars += chars;
  while (container.log.length > 1 && (container.logLines > maxLines || container.logChars > maxChars)) {
    const dropped = container.log.shift()!;
    container.logLines -= dropped.lines.length;
    for (const line of dropped.lines) container.logChars -= line.length + 1;
  }
  const { namespace, name } = memory.sandboxes.get(container.podUid)!.config;
  const observation: LogLines = {
    type: 'log',
    at: ctx.now,
    pod: `${namespace}/${name}`,
    container: container.config.name,
    id: container.id,
    lines,
  };
  ctx.emit(observation);
}

/** Adds text to a container's output; what has no end of line yet waits for the rest of its line. */
export function writeText(ctx: Context, memory: RuntimeMemory, container: Container, text: string): void {
  if (container.attached) tellAttached(ctx, container, text);
  const end = text.lastIndexOf('\n');
  if (end < 0) {
    container.partial = (container.partial + text).slice(0, 16_384);
    return;
  }
  const whole = container.partial + text.slice(0, end);
  container.partial = text.slice(end + 1);
  addLines(ctx, memory, container, whole.split('\n'));
}

/** Writes out a last line that never got its end. */
export function flushText(ctx: Context, memory: RuntimeMemory, container: Container): void {
  if (container.partial === '') return;
  const line = container.partial;
  container.partial = '';
  addLines(ctx, memory, container, [line]);
}
