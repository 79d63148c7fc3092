import type { Move } from '../../lessons/index.ts';
import type { Key, Translate } from '../i18n/index.ts';

/** A deed of a lesson that is no kubectl line, in a few words; '' for what only waits. */
export function sayFault(t: Translate, move: Move): string {
  if ('traffic' in move) return t('you.traffic', { rps: move.traffic.rps });
  if (!('fault' in move)) return '';
  const { fault } = move;
  const target =
    'pod' in fault
      ? fault.pod.replace(/^\{pod (.*)\}$/, '$1')
      : 'node' in fault
        ? fault.node
        : 'image' in fault
          ? fault.image
          : 'process' in fault
            ? fault.process
            : '';
  return t(`fault.short.${fault.fault}` as Key, { target });
}
