/** One mailbox. */
export interface Mailbox {
  name: string;
  address: string;
}

/** A dot-atom (RFC 5322 3.2.3): no quotes, no comments, no escapes. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Line ends, NUL and the like, and signs that turn the reading direction: what is read is not what is there. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
export const unprintable = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/;

const shown = (text: string): string => `“${text.replaceAll(/[^\p{L}\p{N}@. _+<>-]/gu, '?').slice(0, 80)}”`;

/** `bücher.example` as DNS has it; what is no host name stays as it is, and is refused. */
function asciiDomain(domain: string): string {
  const address = `http://${domain}/`;
  if (/[/?#@:\\%\s[\]]/.test(domain) || !URL.canParse(address)) return domain;
  return new URL(address).hostname;
}

/** Why a display name is not taken; null: it is. A name with an `@` would pass for an address. */
export function nameProblem(name: string): string | null {
  if (unprintable.test(name)) return 'has a line end or another control character';
  if (/[<>@"\\]/.test(name)) return 'has one of < > @ " \\';
  return name.length > 100 ? 'is longer than 100 characters' : null;
}

function addressProblem(address: string): string | null {
  const at = address.lastIndexOf('@');
  if (at <= 0 || at === address.length - 1) return 'has no name or no domain';
  const local = address.slice(0, at);
  if (local.includes('"')) return 'has a quoted local part';
  if (/[()]/.test(address)) return 'has a comment';
  if (local.includes('@')) return 'has more than one @';
  if (!localPart.test(local)) return 'has a local part that is no plain word';
  if (local.length > 64 || address.length > 254) return 'is too long';
  const labels = address.slice(at + 1).split('.');
  if (labels.length < 2 && labels[0] !== 'localhost') return 'has a domain without a dot';
  return labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? '')
    ? null
    : 'has no valid domain';
}

/**
 * One address, alone or as `Name <address>`; a text says what is wrong with it. Never more than one mailbox, whatever stands in it:
 * lists, groups, quoted local parts, comments and routes (RFC 5322 3.4, 4.4) are refused, not read. Domains become lower-case ASCII.
 */
export function readMailbox(text: string): Mailbox | string {
  const wrong = (why: string): string => `${shown(text)} ${why}`;
  if (unprintable.test(text)) return wrong('has a line end or another control character');
  const trimmed = text.trim();
  const named = /^(?:"([^"\\<>]{0,100})"|([^"<>]{0,100}?))\s*<([^<>]*)>$/.exec(trimmed);
  const bare = named ? (named[3] ?? '') : trimmed;
  const name = (named?.[1] ?? named?.[2] ?? '').trim();
  if (/[,;:]/.test(bare) || (!named?.[1] && /[,;:]/.test(name)))
    return wrong('is a list or a group, or has a route; each entry is one address');
  if (!named && /[<>]/.test(trimmed)) return wrong('is neither an address nor a name with one');
  const bad = nameProblem(name);
  if (bad !== null) return wrong(`has a display name that ${bad}`);
  if (/\(/.test(name)) return wrong('has a comment');
  const at = bare.lastIndexOf('@');
  const domain = asciiDomain(bare.slice(at + 1));
  const address = at < 0 ? bare : `${bare.slice(0, at)}@${domain}`;
  const problem = /\s/.test(bare) ? 'has a space in its address' : addressProblem(address);
  return problem === null ? { name, address } : wrong(problem);
}

/** How two addresses are compared: without regard to upper and lower case. */
export const addressKey = (address: string): string => address.toLowerCase();
