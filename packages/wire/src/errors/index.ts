export { classifyError, type ErrorFacts } from './classify-error.ts';
export { parseRetryAfter, parseRetryWords } from './retry-after.ts';
