/** The editor, loaded after the stage shows. */
export { PlainEditor as Editor } from './PlainEditor.tsx';
