export { normaliseHistory } from './normalise-history.ts';
