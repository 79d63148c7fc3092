import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { deleteCommand } from './delete.ts';

/** Every verb. A new one is its file and its line here. */
export const commands: readonly Command[] = [apply, deleteCommand];
