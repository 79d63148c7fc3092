import type { ReactNode } from 'react';
import type { PodLook } from './objects/pod-state.ts';

const colour: Record<PodLook, string> = {
  ready: 'var(--ready)',
  notready: 'var(--waiting)',
  creating: 'var(--waiting)',
  pending: 'var(--waiting)',
  backoff: 'var(--waiting)',
  imagepull: 'var(--waiting)',
  succeeded: 'var(--done)',
  failed: 'var(--failed)',
  terminating: 'var(--idle)',
  unknown: 'var(--idle)',
};

/** State glyph of radius 6 in a 15 px box: the same shapes as on the stage, for panels. Always stands beside its word. */
export function Glyph({ look, size = 15 }: { readonly look: PodLook; readonly size?: number }): ReactNode {
  const c = colour[look];
  const ring = { fill: 'none', stroke: c, strokeWidth: 1.7 } as const;
  return (
    <svg width={size} height={size} viewBox="-7.5 -7.5 15 15" aria-hidden="true">
      {shape(look, c, ring)}
    </svg>
  );
}

function shape(look: PodLook, c: string, ring: { fill: string; stroke: string; strokeWidth: number }): ReactNode {
  switch (look) {
    case 'ready':
      return <circle r="5.6" fill={c} />;
    case 'notready':
      return (
        <>
          <circle r="5.4" {...ring} />
          <path d="M0-6A6 6 0 0 0 0 6Z" fill={c} />
        </>
      );
    case 'creating':
      return (
        <>
          <circle r="5.4" {...ring} />
          <path d="M0 0V-6A6 6 0 0 1 6 0Z" fill={c} />
        </>
      );
    case 'pending':
      return <circle r="5.4" {...ring} strokeDasharray="3.3 2.5" />;
    case 'backoff':
      return <path d="M4-3.5A5.6 5.6 0 1 0 5.7 1.1M.6-4.3H4.9V-7.4M0-2.6V.5L2.2 2" {...ring} strokeLinejoin="round" />;
    case 'imagepull':
      return (
        <>
          <path d="M0-5.7V2M-3.1-.9L0 2.3L3.1-.9" {...ring} />
          <path d="M-5.7 5.7H5.7" {...ring} strokeDasharray="2.8 2.3" />
        </>
      );
    case 'succeeded':
      return (
        <>
          <rect x="-6" y="-6" width="12" height="12" rx="2.1" fill={c} />
          <path d="M-3 .3L-.6 2.7L3.3-2.4" fill="none" stroke="var(--panel)" strokeWidth="1.8" />
        </>
      );
    case 'failed':
      return (
        <>
          <path d="M6 2.5L2.5 6H-2.5L-6 2.5V-2.5L-2.5-6H2.5L6-2.5Z" fill={c} />
          <path d="M-2.4-2.4L2.4 2.4M2.4-2.4L-2.4 2.4" fill="none" stroke="var(--panel)" strokeWidth="1.7" />
        </>
      );
    case 'terminating':
      return (
        <>
          <path d="M-4.8-6H4.8L-4.8 6H4.8Z" {...ring} strokeLinejoin="round" strokeWidth="1.5" />
          <path d="M0 0L3.3 4.8H-3.3Z" fill={c} />
        </>
      );
    case 'unknown':
      return (
        <>
          <circle r="5.6" {...ring} strokeDasharray="1 3" strokeLinecap="round" strokeWidth="1.5" />
          <path
            d="M-1.9-1.7A1.9 1.9 0 1 1 .9.1C.2.5 0 .8 0 1.5M0 3.4V3.6"
            {...ring}
            strokeWidth="1.4"
            strokeLinecap="round"
          />
        </>
      );
  }
}

/** The mark: a bench with two tiles on it. */
export const Mark = ({ size = 22 }: { readonly size?: number }): ReactNode => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
    <rect x="2" y="2" width="20" height="20" rx="4.5" fill="none" stroke="var(--brand)" strokeWidth="2" />
    <path d="M2.5 10.5h19" stroke="var(--brand)" strokeWidth="1.5" strokeDasharray="2 1.6" />
    <rect x="6" y="12.8" width="5" height="5.4" rx="1" fill="var(--brand)" />
    <rect x="13" y="12.8" width="5" height="5.4" rx="1" fill="none" stroke="var(--brand)" strokeWidth="1.5" />
  </svg>
);

/** Filled 18 px icons of the transport, as drawn for it. */
const transportIcons = {
  first: 'M13 3.5v9L8 8zM8 3.5v9L3 8zM2 3.5h1.2v9H2z',
  previous: 'M12.5 3.5v9L6 8zM3 3.5h1.8v9H3z',
  play: 'M4.5 2.8v10.4L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  next: 'M3.5 3.5v9L10 8zM11.2 3.5h1.8v9h-1.8z',
  last: 'M3 3.5v9L8 8zM8 3.5v9L13 8zM12.8 3.5H14v9h-1.2z',
  significant: 'M2.5 3.5v9L7.6 8zM7.6 3.5v9L12.7 8zM13.2 8m-1.6 0a1.6 1.6 0 1 1 3.2 0a1.6 1.6 0 1 1 -3.2 0',
} as const;

export const TransportIcon = ({ name }: { readonly name: keyof typeof transportIcons }): ReactNode => (
  <svg width="18" height="18" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
    <path d={transportIcons[name]} />
  </svg>
);
