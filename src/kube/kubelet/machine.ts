import { machinesOf, type Machine } from '../machines.ts';
import type { Kubelet } from './memory.ts';

/** The machine under this kubelet. */
export const machineOf = (k: Kubelet): Machine => machinesOf(k.ctx).nodes.get(k.node)!;
