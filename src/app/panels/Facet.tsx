import type { ReactNode } from 'react';

/** A section of the inspector. */
export function Facet({
  title,
  aside,
  children,
}: {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="facet">
      {title && (
        <h3>
          {title}
          {aside !== undefined && <em>{aside}</em>}
        </h3>
      )}
      {children}
    </section>
  );
}
