/** The editor, loaded after the stage shows. */
export { MonacoEditor as Editor } from './MonacoEditor.tsx';
