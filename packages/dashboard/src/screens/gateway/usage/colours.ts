import { COLOURS } from './stack.ts';

/** The custom property of a layer's colour; null: the rest. */
export const seriesColour = (place: number | null): string =>
  place === null || place >= COLOURS ? '--layer-rest' : `--layer-${place + 1}`;
