import { Fragment, type ReactNode } from 'react';
import type { Values } from './i18n/index.ts';

/** Stand-ins for the marks inside values, which are never markup. */
const safe = (value: string | number): string => String(value).replaceAll('`', '\uE000').replaceAll('*', '\uE001');
const restore = (text: string): string => text.replaceAll('\uE000', '`').replaceAll('\uE001', '*');

/** Values for a sentence that `Rich` will show: what comes from the cluster cannot become markup. */
export function safeValues(values: Values | undefined): Values {
  const safeOnes: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(values ?? {}))
    safeOnes[key] = typeof value === 'number' ? value : safe(value);
  return safeOnes;
}

/** A sentence with `code` in the cluster's voice and **strong** words. Its values must have gone through `safeValues`. */
export function Rich({ text }: { readonly text: string }): ReactNode {
  return text.split(/(`[^`]*`|\*\*[^*]*\*\*)/).map((part, i) => {
    if (part.startsWith('`') && part.length > 1)
      return (
        <code className="m" key={i}>
          {restore(part.slice(1, -1))}
        </code>
      );
    if (part.startsWith('**') && part.length > 3) return <b key={i}>{restore(part.slice(2, -2))}</b>;
    return <Fragment key={i}>{restore(part)}</Fragment>;
  });
}

/** The same sentence without marks: for labels and the live region. */
export const plain = (text: string): string => restore(text.replaceAll('`', '').replaceAll('**', ''));
