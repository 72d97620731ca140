/** Endings of compressed files: their content was read before it was compressed. */
const compressed = /\.(gz|bz2|xz|zst|lz4|lzma|zip|br|Z)$/;
export const isCompressedName = (name: string): boolean => compressed.test(name);

/** First bytes of gzip, bzip2, xz, zstd, lz4, zip: for those that do not say it in their name. */
const magics = ['1f8b', '425a68', 'fd377a58', '28b52ffd', '04224d18', '504b0304'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
export const isCompressedContent = (head: Buffer): boolean =>
  magics.some((magic) => head.subarray(0, magic.length).equals(magic));

/** What rotation puts behind a name: a number, a date, `.old`, `.bak`. */
const behind = /^(?:[._-]+\d[\d._:TtZ-]*|\.old|\.bak)$/;
/** What it puts before the ending: a date, or a number after a dot. `app-1.log` is the log of a second instance. */
const inside = /^(?:[._-]+\d{4}[\d._:TtZ-]{2,}|\.\d{1,3})$/;

/**
 * Whether `name` is what rotation makes of `base`: `app.log.1`, `app.log-20261121`, `app-2026-11-21.log`,
 * `app__2026-11-21_00-00-00.log`. Both without their folder.
 */
export function isRotatedName(base: string, name: string): boolean {
  if (name === base) return false;
  if (name.startsWith(base)) return behind.test(name.slice(base.length));
  const dot = base.lastIndexOf('.');
  if (dot <= 0) return false;
  const [stem, ending] = [base.slice(0, dot), base.slice(dot)];
  return (
    name.startsWith(stem) &&
    name.endsWith(ending) &&
    name.length > base.length &&
    inside.test(name.slice(stem.length, -ending.length))
  );
}

/** The number in `app.log.3`; higher is older. 0 for names with dates, which sort by themselves. */
export const rotationNumber = (name: string): number => Number(/\.(\d{1,6})$/.exec(name)?.[1] ?? 0);
