export { sseOutlet } from './sse-outlet.ts';
