const decoderOf = (label: string) => {
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
};

/** The encoding a byte order mark stands for. */
function markedAs(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return null;
}

/** What the first kilobyte of a page or an XML file says it is written in. HTML standard, 13.2.3.2. */
function declaredIn(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 1024))
    .toString('latin1')
    .replace(/<!--[^]*?(?:-->|$)/g, '');
  const found =
    /<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(start) ??
    /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)/i.exec(start);
  const label = found?.[1]?.toLowerCase() ?? null;
  // Whoever can read this in single bytes does not read UTF-16.
  if (label !== null && /^utf-?16/.test(label)) return 'utf-8';
  return label === 'x-user-defined' ? 'windows-1252' : label;
}

/**
 * Text in the encoding it is in: its byte order mark, what the header says, what it says itself; else UTF-8 where that
 * fits, and the web's old default where it does not. Never fails: what does not fit becomes U+FFFD.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const header = /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType ?? '')?.[1] ?? null;
  for (const label of [markedAs(bytes), header, declaredIn(bytes)]) {
    const decoder = label === null ? null : decoderOf(label);
    if (decoder) return decoder.decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
