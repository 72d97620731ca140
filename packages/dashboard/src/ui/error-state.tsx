import { CloudOff, TriangleAlert } from 'lucide-react';
import { ApiError } from '../data/api.ts';
import { Button } from './button.tsx';

/** What went wrong, in the server's words, and a way to try again. */
export function ErrorState({ error, retry, what }: { error: unknown; retry?: () => void; what: string }) {
  const offline = error instanceof ApiError && error.status === 0;
  const Icon = offline ? CloudOff : TriangleAlert;
  return (
    <div role="alert" className="flex flex-col items-center justify-center gap-1 px-6 py-12 text-center">
      <Icon aria-hidden size={20} strokeWidth={1.6} className="mb-2 text-text-3" />
      <p className="font-medium">{offline ? 'Vigiles is not answering' : `${what} could not be loaded`}</p>
      <p className="max-w-sm text-sm text-pretty text-text-3">
        {error instanceof Error ? error.message : 'Nothing more is known.'}
        {error instanceof ApiError && error.status > 0 && (
          <span className="font-mono text-xs"> ({error.code})</span>
        )}
      </p>
      {retry && (
        <Button className="mt-3" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
