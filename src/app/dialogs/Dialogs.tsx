import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { lazy, Suspense, type ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import { useWorkspace, type Dialog as DialogName } from '../stores/workspace.ts';
import { OpenFailed } from './OpenFailed.tsx';
import { Settings } from './Settings.tsx';
import { Share } from './Share.tsx';

const Gallery = lazy(async () => ({ default: (await import('./Gallery.tsx')).Gallery }));

const Picker = lazy(async () => ({ default: (await import('../lessons/Picker.tsx')).Picker }));

const titles = {
  gallery: 'gallery.title',
  lessons: 'lesson.all',
  share: 'share.title',
  settings: 'settings.title',
  open: 'open.title',
} as const satisfies Record<DialogName, string>;

const bodies: Record<DialogName, () => ReactNode> = {
  gallery: () => <Gallery />,
  lessons: () => <Picker />,
  share: () => <Share />,
  settings: () => <Settings />,
  open: () => <OpenFailed />,
};

/** The one dialog that is open. */
export function Dialogs(): ReactNode {
  const t = useT();
  const dialog = useWorkspace((s) => s.dialog);
  if (!dialog) return null;
  const close = (): void => useWorkspace.setState({ dialog: null });
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal container={document.getElementById('app')}>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className={`dialog ${dialog}`} aria-describedby={undefined}>
          <header>
            <Dialog.Title className="panel-title">{t(titles[dialog])}</Dialog.Title>
            <Dialog.Close className="icon-btn" aria-label={t('dialog.close')}>
              <X size={17} strokeWidth={1.75} aria-hidden />
            </Dialog.Close>
          </header>
          <Suspense fallback={null}>{bodies[dialog]()}</Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
