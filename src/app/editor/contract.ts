import type { RefObject } from 'react';
import type { Problem } from '../../protocol/index.ts';

/** What the page can ask of the editor. */
export interface EditorHandle {
  focus(): void;
  /** Brings a line (1-based) into view and puts the cursor there. */
  reveal(line: number, column?: number): void;
  /** Formats the text; the change arrives through `onChange`. */
  format(): void;
  /** Shows the text beside what is live; null goes back to editing. */
  diff(live: string | null): void;
}

/** The inside of the YAML tab. The panel around it owns the text, the preview, and Apply. */
export interface EditorProps {
  readonly value: string;
  /** What was applied last: lines that differ carry the amber bar. */
  readonly applied: string;
  readonly readOnly: boolean;
  /** Errors and warnings of the text and of the API server, at their places. */
  readonly problems: readonly Problem[];
  readonly theme: 'light' | 'dark' | 'projector';
  readonly lang: 'en' | 'ko';
  /** Accessible name of the text box: "Manifest". */
  readonly label: string;
  readonly onChange: (value: string) => void;
  /** Ctrl/Cmd+Enter. */
  readonly onApply: () => void;
  /** Esc twice: back to the stage. */
  readonly onLeave: () => void;
  readonly handle: RefObject<EditorHandle | null>;
}
