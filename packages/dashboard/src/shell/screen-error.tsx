import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from '../ui/error-state.tsx';

/** A screen that failed to draw, or whose code could not be fetched; the frame around it stays. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  return (
    <div className="grid h-full place-items-center">
      <ErrorState error={error} what="This screen" retry={reset} />
    </div>
  );
}
