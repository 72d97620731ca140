import { USAGE_TOP } from '../../../data/gateway-queries.ts';

/** The custom property of a layer's colour; null: the rest. */
export const seriesColour = (place: number | null): string =>
  place === null || place >= USAGE_TOP ? '--layer-rest' : `--layer-${place + 1}`;
