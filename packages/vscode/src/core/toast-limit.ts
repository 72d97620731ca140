/** What is to be done with a toast that wants to be shown. `missed`: that were not, before this one. */
export type ToastVerdict = { show: true; missed: number } | { show: false };

/** Lets so many toasts through in any minute; the first one after counts those that were not shown. */
export function createToastLimit(): (nowMs: number, perMinute: number) => ToastVerdict {
  let shown: number[] = [];
  let missed = 0;
  return (nowMs, perMinute) => {
    shown = shown.filter((at) => nowMs - at < 60_000);
    if (shown.length >= perMinute) {
      missed += 1;
      return { show: false };
    }
    shown.push(nowMs);
    const verdict = { show: true, missed } as const;
    missed = 0;
    return verdict;
  };
}
