import { useEffect, useId, useRef, useState } from 'react';

interface Tip {
  text: string;
  anchor: Element;
}

const DELAY_MS = 250;
const GAP = 6;

/**
 * One tooltip for the whole page: any element with `data-tip` has one, on hover and on keyboard focus. It lies in the
 * top layer (popover), so dialogs never cover it; Escape dismisses it, and the pointer may rest on it.
 */
export function TipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (anchor: Element, delay: number): void => {
      clearTimeout(timer);
      const text = anchor.getAttribute('data-tip');
      if (text) timer = setTimeout(() => setTip({ text, anchor }), delay);
    };
    const hide = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setTip(null), 80);
    };
    const over = (event: PointerEvent): void => {
      const target = event.target as Element;
      if (event.pointerType === 'touch') return;
      if (box.current?.contains(target)) return clearTimeout(timer);
      const anchor = target.closest('[data-tip]');
      if (anchor) show(anchor, DELAY_MS);
      else hide();
    };
    let tabbedAt = 0;
    const focus = (event: FocusEvent): void => {
      // A dialog that opens moves the focus too; nobody asked what the button is.
      if (performance.now() - tabbedAt > 400) return;
      const anchor = (event.target as Element).closest('[data-tip]');
      if (anchor?.matches(':focus-visible')) show(anchor, DELAY_MS);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setTip(null);
      if (event.key === 'Tab') tabbedAt = performance.now();
    };
    const drop = (): void => {
      clearTimeout(timer);
      setTip(null);
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('pointerdown', drop);
    document.addEventListener('focusin', focus);
    document.addEventListener('focusout', hide);
    document.addEventListener('keydown', key, true);
    document.addEventListener('scroll', drop, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('pointerdown', drop);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('keydown', key, true);
      document.removeEventListener('scroll', drop, true);
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element || !tip?.anchor.isConnected) return;
    element.showPopover();
    const at = tip.anchor.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    const below = at.bottom + GAP + own.height < window.innerHeight;
    const left = Math.min(
      Math.max(8, at.left + at.width / 2 - own.width / 2),
      window.innerWidth - own.width - 8,
    );
    element.style.left = `${Math.round(left)}px`;
    element.style.top = `${Math.round(below ? at.bottom + GAP : at.top - GAP - own.height)}px`;
    return () => element.hidePopover();
  }, [tip]);

  return (
    <div
      ref={box}
      id={id}
      role="tooltip"
      popover="manual"
      className="fixed inset-auto m-0 max-w-72 rounded-md bg-raised px-2 py-1 text-sm whitespace-pre-line text-text shadow-float"
    >
      {tip?.text}
    </div>
  );
}
