export { createSseParser, type SseEvent, type SseParser, type SseParserOptions } from './parser.ts';
export { SseOverflow } from './overflow.ts';
export { SSE_DONE, sseComment, sseData, sseEvent } from './format.ts';
