import { useNavigate } from '@tanstack/react-router';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../data/api.ts';
import { verifyAudit, type ChainVerdict } from '../../data/audit.ts';
import { formatCount } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';

type Look =
  | { at: 'rest' }
  | { at: 'work'; verdict: ChainVerdict | null }
  | { at: 'end'; verdict: ChainVerdict }
  | { at: 'failed'; message: string };

/** Computes every hash of the chain anew on the server, and shows the first link that does not fit. */
export function VerifyChain() {
  const [look, setLook] = useState<Look>({ at: 'rest' });
  const stop = useRef<AbortController>(null);
  const navigate = useNavigate({ from: '/audit' });
  useEffect(() => () => stop.current?.abort(), []);
  const verify = (): void => {
    const controller = new AbortController();
    stop.current = controller;
    setLook({ at: 'work', verdict: null });
    verifyAudit((verdict) => setLook({ at: 'work', verdict }), controller.signal)
      .then((verdict) => setLook({ at: 'end', verdict }))
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        setLook({ at: 'failed', message: error instanceof ApiError ? error.message : 'It was cut short.' });
      });
  };
  const broken = look.at === 'end' && !look.verdict.ok ? look.verdict : null;
  return (
    <>
      <Button onClick={verify} disabled={look.at === 'work'}>
        <ShieldCheck aria-hidden size={14} /> Verify chain
      </Button>
      <div role="status" className="flex min-w-0 items-center gap-2 text-sm">
        {look.at === 'work' && (
          <>
            <progress
              aria-label="Records looked at"
              className="h-1.5 w-28 accent-(--accent-solid)"
              max={look.verdict?.total ?? 1}
              value={look.verdict?.records ?? 0}
            />
            <span className="num text-text-3">
              {look.verdict && `${formatCount(look.verdict.records)} of ${formatCount(look.verdict.total)}`}
            </span>
          </>
        )}
        {look.at === 'end' && !broken && (
          <span className="flex items-center gap-1.5 text-ok">
            <ShieldCheck aria-hidden size={14} />
            Unbroken: {formatCount(look.verdict.records)} records fit
          </span>
        )}
        {broken && (
          <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-bad">
            <ShieldAlert aria-hidden size={14} className="shrink-0" />
            Broken at record {broken.broken_at}: {broken.reason}
            <Button
              onClick={() =>
                void navigate({ search: (before) => ({ ...before, id: String(broken.broken_at) }) })
              }
            >
              Show it
            </Button>
          </span>
        )}
        {look.at === 'failed' && <span className="text-bad">Could not be verified: {look.message}</span>}
      </div>
    </>
  );
}
