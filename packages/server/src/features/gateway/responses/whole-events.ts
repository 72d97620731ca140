import type { SseParserOptions } from '@vigiles/wire';

/** For streams that were cut into whole events already: what is in memory anyway need not be refused for its size. */
export const WHOLE_EVENTS: SseParserOptions = { maxEventBytes: Number.POSITIVE_INFINITY };
