/** What a Gemini model's name tells about how it is spoken to. */
export interface ModelFamily {
  /** 2.5, 3, 3.1 …; undefined where the name does not say (`gemini-flash-latest`). */
  version: number | undefined;
  tier: 'pro' | 'flash' | 'flash-lite' | 'other';
}

export function modelFamily(model: string): ModelFamily {
  const version = /gemini-(\d+(?:\.\d+)?)(?![\d.])/.exec(model)?.[1];
  const tier = /\bflash-lite\b/.test(model)
    ? 'flash-lite'
    : /\bflash\b/.test(model)
      ? 'flash'
      : /\bpro\b/.test(model)
        ? 'pro'
        : 'other';
  return { version: version === undefined ? undefined : Number(version), tier };
}

/** From version 3 on a call in the history without a thought signature is refused. */
export const wantsSignatures = ({ version }: ModelFamily): boolean => version === undefined || version >= 3;

/** From version 3 on a function's result may hold pictures and files. */
export const takesMediaInResults = ({ version }: ModelFamily): boolean =>
  version !== undefined && version >= 3;
