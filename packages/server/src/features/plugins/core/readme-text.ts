import type { PluginReadme } from '@vigiles/contract';

/** So much of a README is read. Bytes. */
export const longestReadme = 32_768;

/** Whether a path in a package is its README. */
export const isReadme = (path: string): boolean => /^readme(\.md|\.txt)?$/i.test(path);

// Control characters but tab and line feed, and what turns the direction of text around.
const unsafe = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Plain text of a README. @param size of the whole file @param bytes its first `longestReadme` */
export function readmeText(bytes: Uint8Array, size: number): PluginReadme | null {
  const whole = new TextDecoder().decode(bytes.subarray(0, longestReadme));
  const text = whole
    .replaceAll('\r\n', '\n')
    .replace(unsafe, (found) => (found === '\n' || found === '\t' ? found : ''))
    .trim();
  return text === '' ? null : { text, truncated: size > longestReadme };
}
