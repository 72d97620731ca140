export { AnswerFramer, closedEarly, type AnswerListener } from './answer-framer.ts';
export type { AnswerHead, AnswerHeaders } from './answer-head.ts';
export { openHttpPool, type HttpPool, type HttpPoolOptions } from './http-pool.ts';
export type { AnswerController, AnswerHandler, HttpRequest } from './http-pool.ts';
export { releaseBytes } from './release-bytes.ts';
