import type { Command } from '../protocol/index.ts';
import {
  chainOf,
  completionOf,
  handInSchemas,
  imageInfo,
  logsOf,
  look,
  matrixOf,
  newestDeedOf,
  preview,
  type Definitions,
  type Session,
} from '../session/index.ts';

/** What a page asks of a session, and what leaves it as it is. */
export type Question = Extract<
  Command,
  { type: 'export' | 'why' | 'attempt' | 'logs' | 'preview' | 'image' | 'matrix' | 'complete' | 'look' | 'digest' }
>;

/** Answers a page's question about the present moment. */
export async function answerQuestion(s: Session, command: Question): Promise<unknown> {
  switch (command.type) {
    case 'export':
      return s.save(command.editor === undefined ? {} : { editor: command.editor });
    case 'why': {
      const { deeds } = s.history;
      const from = command.deed ?? newestDeedOf(deeds, s.deedCount(), command.uid ?? '')?.seq;
      return from === undefined ? [] : chainOf(deeds, from);
    }
    case 'attempt':
      return s.history.attempts.get(command.uid)?.findLast((attempt) => attempt.at <= s.now) ?? null;
    case 'logs':
      return { lines: logsOf(s, command) };
    case 'preview':
      return preview(s, command.text);
    case 'image': {
      const { assumed, problem } = imageInfo(command.image);
      return { assumed, problem };
    }
    case 'matrix':
      return matrixOf(s.world, command);
    case 'complete':
      return completionOf(s, command.line, command.files);
    case 'look':
      await schemasFor(command.input.line);
      return look(s, command.input);
    case 'digest':
      return s.digest();
  }
}

/** `kubectl explain` needs the schemas of all kinds: they are loaded when it is first asked. */
export async function schemasFor(line: string): Promise<void> {
  if (!/^\s*explain\b/.test(line)) return;
  const { default: schema } = await import('../generated/schema.json', { with: { type: 'json' } });
  handInSchemas(schema.definitions as unknown as Definitions);
}
