/** A key, as printed on it. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong px-1 font-sans text-xs text-text-3">
      {children}
    </kbd>
  );
}

const apple = /mac|iphone|ipad/i.test(navigator.userAgent);

/** The name of the command key here. */
export const commandKey = apple ? '⌘' : 'Ctrl';
