export { createSseParser, type SseEvent, type SseParser, type SseParserOptions } from './parser.ts';
export { SseOverflow } from './overflow.ts';
export { createRepeatedEvents, type RepeatedEvents, type RepeatedTexts } from './repeated-events.ts';
export { SSE_DONE, sseComment, sseData, sseEvent } from './format.ts';
