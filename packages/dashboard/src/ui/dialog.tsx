import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  /** Leaves the head to the content; the title is still its name. */
  bare?: boolean;
}

/**
 * A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, makes the rest inert, closes with Escape
 * and gives the focus back. Mount it to open it.
 */
export function Dialog({ title, onClose, children, className, bare = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement as HTMLElement | null;
    dialog?.showModal();
    return () => {
      dialog?.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === element.current && onClose()}
      className={cx(
        'enter m-auto mt-[14vh] w-[min(560px,calc(100vw-24px))] rounded-lg bg-raised p-0 shadow-float backdrop:bg-scrim',
        className,
      )}
    >
      {bare ? (
        <h2 id={id} className="sr-only">
          {title}
        </h2>
      ) : (
        <div className="flex items-center border-b border-line py-2 pr-2 pl-4">
          <h2 id={id} className="font-medium">
            {title}
          </h2>
          <IconButton label="Close" className="ml-auto" onClick={onClose}>
            <X aria-hidden size={16} />
          </IconButton>
        </div>
      )}
      {children}
    </dialog>
  );
}
