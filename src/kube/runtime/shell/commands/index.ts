import type { Utilities } from '../utility.ts';
import { builtins } from './builtins.ts';
import { clientCommands } from './clients.ts';
import { editingCommands } from './editing.ts';
import { fileCommands } from './files.ts';
import { networkCommands } from './network.ts';
import { systemCommands } from './system.ts';
import { textCommands } from './text.ts';

/** All commands that a shell finds. Which of them an image has is said by its `shell` and `tools`. */
export const utilities: Utilities = {
  ...textCommands,
  ...editingCommands,
  ...fileCommands,
  ...systemCommands,
  ...networkCommands,
  ...clientCommands,
  ...builtins,
};
