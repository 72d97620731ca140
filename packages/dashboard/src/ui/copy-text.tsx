import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';

/** A text to paste elsewhere, with the button that copies it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="flex items-start gap-1 rounded-md bg-sunken py-1.5 pr-1.5 pl-3 text-left">
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="min-w-0 flex-1 overflow-x-auto py-1 font-mono text-xs leading-[18px] whitespace-pre-wrap text-text-2 [overflow-wrap:anywhere]"
      >
        {text}
      </pre>
      <IconButton
        label={copied ? 'Copied' : `Copy ${label}`}
        onClick={() => {
          // Refused without a secure connection: then it is marked and copied by hand.
          navigator.clipboard?.writeText(text).then(
            () => setCopied(true),
            () => {},
          );
        }}
      >
        {copied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />}
      </IconButton>
    </div>
  );
}
