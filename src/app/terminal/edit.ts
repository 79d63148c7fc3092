import { openings } from '../engine.ts';
import { showTab, useWorkspace, type Editing } from '../stores/workspace.ts';

/**
 * Opens a text in the editor until it was applied (`submit` says so) or given up: resolves with which of the two. The editor's own
 * text waits meanwhile.
 */
export function editInEditor(name: string, text: string, submit: (text: string) => Promise<boolean>): Promise<boolean> {
  stopEditing();
  return new Promise((resolve) => {
    const { text: before, applied } = useWorkspace.getState();
    const run = openings();
    const end = (done: boolean): void => {
      if (useWorkspace.getState().editing !== editing) return;
      // Another run has brought a text of its own.
      useWorkspace.setState({ editing: null, ...(run === openings() && { text: before, applied }) });
      resolve(done);
    };
    const editing: Editing = {
      name,
      async apply(edited) {
        if (await submit(edited)) end(true);
      },
      cancel: () => end(false),
    };
    useWorkspace.setState({ editing, text, applied: text });
    showTab('yaml');
  });
}

/** Gives up the edit that is open. */
export const stopEditing = (): void => useWorkspace.getState().editing?.cancel();
