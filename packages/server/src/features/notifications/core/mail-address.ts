export interface MailAddress {
  name: string;
  address: string;
}

/** What may stand in an address here: a dot-atom and a domain. No quotes, comments, groups or routes (RFC 5322 3.4). */
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const mailbox = new RegExp(
  `^${atom}(?:\\.${atom})*@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)*[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?$`,
  'u',
);

/** One address, alone or as `Name <address>`; a text says what is wrong with it. Never more than one, whatever stands in it. */
export function mailAddress(text: string): MailAddress | string {
  const wrong = `“${text.replaceAll(/[^\p{L}\p{N}@. _+-]/gu, '?').slice(0, 80)}” is not one plain mail address`;
  // oxlint-disable-next-line no-control-regex -- a line end would begin another header
  if (/[\u0000-\u001F\u007F,;:\\]/.test(text) || text.length > 320) return wrong;
  const named = /^([^<>"()]{0,80}?)\s*<([^<>\s]+)>$/.exec(text.trim());
  const address = named?.[2] ?? text.trim();
  if (!mailbox.test(address) || address.lastIndexOf('@') > 64 || address.length > 254) return wrong;
  return { name: named?.[1]?.trim() ?? '', address };
}
