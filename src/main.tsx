import { createRoot } from 'react-dom/client';
import './app/styles/index.css';
import { App } from './app/App.tsx';
import { begin } from './app/begin.ts';
import { loadLanguage } from './app/i18n/index.ts';
import { useSettings } from './app/stores/settings.ts';

void begin();
// A language that cannot be loaded (offline, first visit) leaves the page English rather than empty.
await loadLanguage(useSettings.getState().lang).catch((error: unknown) => console.error(error));
createRoot(document.getElementById('root')!).render(<App />);
