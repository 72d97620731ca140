import type { MailAttachment } from '@vigiles/contract';
import { unprintable } from './address.ts';

/** Endings of files that run when they are opened; mail services refuse them too. */
const programs = new Set(
  `ade adp apk appx appxbundle bat cab chm cmd com cpl desktop diagcab dll dmg ex ex_ exe hlp hta ins img iso isp jar jnlp js jse
   lib lnk mde mjs msc msi msix msixbundle msp mst nsh pif ps1 psm1 reg scr sct sh shb sys url vb vbe vbs vhd vhdx vxd wsc wsf wsh
   xll xpi`.split(/\s+/),
);

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/i;

/** Why a file is not sent; null: it is. */
export function fileProblem(
  { filename, content_type: type, content }: MailAttachment,
  refused: readonly string[],
): string | null {
  if (unprintable.test(filename)) return 'its name has a line end or another control character';
  if (/[/\\"<>|:*?]/.test(filename)) return 'its name has one of / \\ " < > | : * ?';
  if (filename.length > 150) return 'its name is longer than 150 characters';
  // Windows drops dots and spaces at the end: `a.exe.` is a program too.
  const parts = filename
    .toLowerCase()
    .replace(/[. ]+$/, '')
    .split('.');
  if (parts.every((part) => part.trim() === '')) return 'it has no name';
  const ending = parts.length > 1 ? (parts.at(-1) ?? '') : '';
  if (programs.has(ending) || refused.includes(ending)) return `files that end with .${ending} are not sent`;
  if (!mediaType.test(type)) return 'its content_type is no media type such as text/plain';
  if (/^(?:multipart|message)\//i.test(type)) return `${type} is a mail, not a file`;
  return content.length % 4 === 0 && base64.test(content) ? null : 'its content is not base64';
}
