import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { LiveTexts } from '../use-session.ts';

/** What is being said at this moment; the log gets the whole of it when it was said. */
export function LiveTail({ texts, onGrow }: { texts: LiveTexts; onGrow: () => void }) {
  const shown = useSyncExternalStore(texts.subscribe, texts.snapshot);
  useLayoutEffect(onGrow, [shown, onGrow]);
  if (shown.length === 0) return null;
  return (
    <div className="flex flex-col gap-2.5" aria-hidden>
      {shown.map(({ itemId, kind, text }) =>
        kind === 'output' ? (
          <pre
            key={`${kind}${itemId}`}
            className="ml-6 max-h-40 overflow-hidden rounded-md bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap text-text-2 [overflow-wrap:anywhere]"
          >
            {text.slice(-2_000)}
          </pre>
        ) : (
          <p
            key={`${kind}${itemId}`}
            className={`ml-6 whitespace-pre-wrap [overflow-wrap:anywhere] ${kind === 'reasoning' ? 'text-text-3 italic' : ''}`}
          >
            {text}
            <span className="pulse ml-0.5 inline-block h-3.5 w-1.5 translate-y-0.5 bg-busy-fill" />
          </p>
        ),
      )}
    </div>
  );
}
