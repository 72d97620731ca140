import type { ServiceLogLines } from '@vigiles/contract';
import { useEffect, useState } from 'react';
import { readServiceLog } from '../data/queries.ts';
import { LOG_TAIL, takeLines, type LogLine } from './service-log.ts';

export interface ServiceLog {
  /** Null until the first of it came. */
  lines: readonly LogLine[] | null;
  /** Why there is nothing to follow; null while there is, or while it is tried. */
  error: unknown;
}

/** Follows what a service writes while somebody looks. After a break the browser takes it up again by itself. */
export function useServiceLog(name: string): ServiceLog & { retry: () => void } {
  const [log, setLog] = useState<ServiceLog>({ lines: null, error: null });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const aborted = new AbortController();
    const source = new EventSource(
      `/api/v1/services/${encodeURIComponent(name)}/logs/stream?tail=${LOG_TAIL}`,
    );
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const news = JSON.parse(data) as ServiceLogLines;
      setLog((before) => ({ lines: takeLines(before.lines ?? [], news), error: null }));
    });
    source.addEventListener('error', () => {
      // A broken line is taken up again. A refusal is not, and says nothing: the page of the same path does.
      if (source.readyState !== EventSource.CLOSED) return;
      readServiceLog(name, aborted.signal).then(
        (lines) => setLog({ lines: takeLines([], { lines, reset: true }), error: null }),
        (error: unknown) => !aborted.signal.aborted && setLog((before) => ({ ...before, error })),
      );
    });
    return () => {
      aborted.abort();
      source.close();
    };
  }, [name, tries]);
  return {
    ...log,
    retry: () => {
      setLog({ lines: null, error: null });
      setTries((before) => before + 1);
    },
  };
}
