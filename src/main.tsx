import { createRoot } from 'react-dom/client';
import './app/styles/index.css';
import { App } from './app/App.tsx';
import { begin, showFirstFrame } from './app/begin.ts';
import { loadLanguage } from './app/i18n/index.ts';
import { useSettings } from './app/stores/settings.ts';

const shown = showFirstFrame();
// A language that cannot be loaded (offline, first visit) leaves the page English rather than empty.
await loadLanguage(useSettings.getState().lang).catch((error: unknown) => console.error(error));
createRoot(document.getElementById('root')!).render(<App />);
await shown;
// Two frames on, the stage is on the screen: only now does the simulation's code compete for the line.
// A tab in the background gets no frames and is in no hurry to draw.
const next = (then: () => void): unknown => (document.hidden ? setTimeout(then) : requestAnimationFrame(then));
next(() => next(() => void begin()));
