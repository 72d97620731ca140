/** More of a robots.txt is not read. RFC 9309, 2.5. */
export const robotsBytes = 512_000;

interface Rule {
  allow: boolean;
  pattern: string;
}

/** The rules for a product: of the groups that name it, else of those for everybody. RFC 9309, 2.2.1. */
function rulesFor(robots: string, product: string): Rule[] {
  const name = product.toLowerCase();
  const own: Rule[] = [];
  const everybody: Rule[] = [];
  let named = false;
  let into: Rule[][] = [];
  let inRules = false;
  for (const line of robots.split(/\r\n|\r|\n/)) {
    const [field = '', ...rest] = (line.split('#', 1)[0] ?? '').split(':');
    const value = rest.join(':').trim();
    const key = field.trim().toLowerCase();
    if (key === 'user-agent') {
      if (inRules) into = [];
      inRules = false;
      const agent = value.toLowerCase();
      if (agent === '*') into.push(everybody);
      else if (agent === name) {
        named = true;
        into.push(own);
      }
    } else if (key === 'allow' || key === 'disallow') {
      inRules = true;
      if (value !== '') for (const list of into) list.push({ allow: key === 'allow', pattern: value });
    }
  }
  return named ? own : everybody;
}

/** `%41` and `A` are the same path, `%2f` and `/` are not. */
const plainPath = (path: string): string =>
  path
    .replace(/[^\x21-\x7e]/g, (letter) => encodeURI(letter.isWellFormed() ? letter : '\uFFFD'))
    .replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
      const letter = String.fromCodePoint(Number.parseInt(hex, 16));
      return /[A-Za-z0-9._~-]/.test(letter) ? letter : escape.toUpperCase();
    });

/** `*` is any text, `$` at the end the end. Piece by piece from the left, so that no pattern takes long. */
function matches(path: string, pattern: string): boolean {
  const toEnd = pattern.endsWith('$');
  const [first = '', ...pieces] = (toEnd ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(first)) return false;
  let at = first.length;
  const last = toEnd ? pieces.pop() : undefined;
  for (const piece of pieces) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!toEnd) return true;
  return last === undefined ? at === path.length : path.length - last.length >= at && path.endsWith(last);
}

/** Whether a robots.txt lets a product fetch a path (with its query). The longest rule decides; allowed wins a tie. */
export function robotsAllow(robots: string, product: string, path: string): boolean {
  const asked = plainPath(path);
  let best: Rule | null = null;
  for (const rule of rulesFor(robots, product)) {
    const longer = rule.pattern.length - (best?.pattern.length ?? 0);
    if (longer < 0 || (longer === 0 && !rule.allow)) continue;
    if (matches(asked, plainPath(rule.pattern))) best = rule;
  }
  return best?.allow ?? true;
}
