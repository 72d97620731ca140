export interface Allowance {
  methods: readonly string[];
  path: string;
}

/** A path that means the same to everybody: no steps back, no empty parts, nothing that is decoded twice. */
function isPlain(path: string): boolean {
  if (!path.startsWith('/') || path.length > 1500) return false;
  if (/[\\%\p{C}]/u.test(path)) return false;
  const parts = path.slice(1).split('/');
  return parts.every((part, at) => part !== '.' && part !== '..' && (part !== '' || at === parts.length - 1));
}

const covers = (allowed: string, path: string): boolean =>
  path === allowed || path.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`);

/**
 * The address a call is passed on to, or null where it is not allowed. What is checked is what is sent: the path is taken apart
 * once, and each part is encoded again.
 * @param path decoded, with its first slash
 */
export function passedAddress(
  base: string,
  allow: readonly Allowance[],
  method: string,
  path: string,
  query: readonly (readonly [string, string])[],
): string | null {
  if (!isPlain(path)) return null;
  if (!allow.some((one) => one.methods.includes(method) && covers(one.path, path))) return null;
  const root = new URL(base);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = new URL(root.origin + root.pathname.replace(/\/$/, '') + encoded);
  // Nothing a parser folded may lead elsewhere.
  if (url.origin !== root.origin || url.pathname !== root.pathname.replace(/\/$/, '') + encoded) return null;
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url.href;
}
