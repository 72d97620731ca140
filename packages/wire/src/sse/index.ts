export { createSseParser, type SseEvent, type SseParser } from './parser.ts';
export { sseData, sseEvent } from './format.ts';
