import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { useMedia } from './use-media.ts';

interface DrawerProps {
  title: ReactNode;
  /** Its accessible name. */
  label: string;
  onClose: () => void;
  children: ReactNode;
  /** Modal at any width: for what belongs to no list. */
  alwaysModal?: boolean;
}

/**
 * Detail at the right of a list. On a wide screen the list stays usable beside it (not modal, nothing is covered
 * that has the focus: the drawer takes its own column); on a narrow one it fills the screen and is modal.
 */
export function Drawer({ title, label, onClose, children, alwaysModal = false }: DrawerProps) {
  const narrow = useMedia('(max-width: 1099px)');
  const modal = alwaysModal || narrow;
  const element = useRef<HTMLDialogElement>(null);
  const shown = useRef(false);
  const id = useId();

  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    const before = document.activeElement as HTMLElement | null;
    // Where the screen became narrow meanwhile: what was asked above the drawer stays above it.
    const above =
      modal && shown.current ? [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')] : [];
    shown.current = true;
    if (modal) dialog.showModal();
    else dialog.setAttribute('open', '');
    for (const asked of above) {
      asked.close();
      asked.showModal();
      if (asked.contains(before)) before?.focus();
    }
    return () => {
      dialog.close();
      if (modal) before?.focus?.();
    };
  }, [modal]);

  useEffect(() => {
    if (modal) return;
    const onKey = (event: KeyboardEvent): void => {
      const busy = document.querySelector('dialog:modal');
      if (event.key === 'Escape' && !busy && !event.defaultPrevented) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [modal, onClose]);

  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => modal && event.target === element.current && onClose()}
      className={
        modal
          ? 'enter-side m-0 ml-auto h-dvh max-h-none w-[min(480px,100vw)] max-w-none bg-surface p-0 shadow-float backdrop:bg-scrim'
          : 'enter-side static m-0 h-full w-[480px] shrink-0 border-l border-line bg-surface p-0'
      }
    >
      <div className="flex h-full flex-col">
        <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
          <h2 id={id} className="min-w-0 flex-1 truncate text-lg font-semibold" aria-label={label}>
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X aria-hidden size={16} />
          </IconButton>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto" tabIndex={-1}>
          {children}
        </div>
      </div>
    </dialog>
  );
}
