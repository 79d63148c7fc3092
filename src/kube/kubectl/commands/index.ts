import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { cordon, uncordon } from './cordon.ts';
import { deleteCommand } from './delete.ts';
import { describe } from './describe.ts';
import { get } from './get.ts';
import { annotate, label } from './metadata.ts';
import { patch } from './patch.ts';
import { rollout } from './rollout.ts';
import { scale } from './scale.ts';
import { set } from './set.ts';

/** Every verb. A new one is its file and its line here. */
export const commands: readonly Command[] = [
  annotate,
  apply,
  cordon,
  deleteCommand,
  describe,
  get,
  label,
  patch,
  rollout,
  scale,
  set,
  uncordon,
];
