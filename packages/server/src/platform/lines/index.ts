export { linesBack } from './lines-back.ts';
export { linesOn } from './lines-on.ts';
export type { FileLine } from './file-line.ts';
