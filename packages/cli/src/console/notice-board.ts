import { dim } from '../output/style.ts';

/** Notices of one moment are drawn at once: the prompt is wiped and drawn again once for all of them. */
const gatherMs = 40;
/** More in one moment are counted, not shown: a storm must not push everything off the screen. */
const mostAtOnce = 60;

export interface NoticeBoard {
  add(notice: string): void;
  /** Shows what waits, now. */
  flush(): void;
}

export function createNoticeBoard(show: (text: string) => void): NoticeBoard {
  let waiting: string[] = [];
  let left = 0;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    if (left > 0) waiting.push(dim(`… and ${left} more (logs, incidents and github have them)`));
    show(waiting.join('\n'));
    [waiting, left] = [[], 0];
  };
  return {
    add(notice) {
      if (waiting.length < mostAtOnce) waiting.push(notice);
      else left += 1;
      timer ??= setTimeout(flush, gatherMs).unref();
    },
    flush,
  };
}
