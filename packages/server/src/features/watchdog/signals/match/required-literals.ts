/** What a part of a regex says about the text it matches. */
interface Part {
  /** The only text it can match; null when there are several. */
  exact: string | null;
  /** One of these stands in whatever it matches; null when nothing is known. */
  needs: readonly string[] | null;
}

const anything: Part = { exact: null, needs: null };
const nothing: Part = { exact: '', needs: null };
const mostAlternatives = 16;

/**
 * Literals of which at least one stands in every text that an RE2 regex matches; null when there is no such set, or the
 * regex holds something that is not understood here. So a line without any of them needs no regex. `ignoreCase` says
 * that the literals hold for either case.
 */
export function requiredLiterals(regex: string): { literals: readonly string[]; ignoreCase: boolean } | null {
  const reader = createReader(regex);
  try {
    const { exact, needs } = reader.alternatives();
    if (!reader.atEnd()) return null;
    const literals = exact ? [exact] : needs;
    return literals && literals.length > 0 ? { literals, ignoreCase: reader.ignoresCase() } : null;
  } catch (thrown) {
    if (thrown instanceof NotUnderstood) return null;
    throw thrown;
  }
}

class NotUnderstood extends Error {}

/** Longer is rarer, and a set is as rare as its shortest member. */
const rarity = (literals: readonly string[]) => Math.min(...literals.map(({ length }) => length));

function best(candidates: readonly (readonly string[])[]): readonly string[] | null {
  let chosen: readonly string[] | null = null;
  for (const one of candidates) if (!chosen || rarity(one) > rarity(chosen)) chosen = one;
  return chosen;
}

/** Escapes that stand for one certain character. */
const controls: Record<string, string> = { t: '\t', f: '\f', v: '\v', a: '\x07', r: '\r', n: '\n' };

function createReader(text: string) {
  let at = 0;
  let ignoreCase = false;
  let depth = 0;
  const peek = () => text[at] ?? '';
  const take = (): string => {
    const point = text.codePointAt(at);
    if (point === undefined) throw new NotUnderstood();
    const char = String.fromCodePoint(point);
    at += char.length;
    return char;
  };

  function alternatives(): Part {
    if ((depth += 1) > 100) throw new NotUnderstood();
    const parts = [sequence()];
    while (peek() === '|') {
      at += 1;
      parts.push(sequence());
    }
    depth -= 1;
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    const needs: string[] = [];
    for (const part of parts) {
      const each = part.exact ? [part.exact] : part.needs;
      if (!each) return anything;
      needs.push(...each);
    }
    return needs.length > mostAlternatives ? anything : { exact: null, needs };
  }

  function sequence(): Part {
    const candidates: (readonly string[])[] = [];
    let run = '';
    let exact = true;
    while (at < text.length && peek() !== '|' && peek() !== ')') {
      const part = repeated();
      if (part.exact !== null) {
        run += part.exact;
        continue;
      }
      exact = false;
      if (run !== '') candidates.push([run]);
      run = '';
      if (part.needs) candidates.push(part.needs);
    }
    if (exact) return { exact: run, needs: null };
    if (run !== '') candidates.push([run]);
    return { exact: null, needs: best(candidates) };
  }

  function repeated(): Part {
    let part = atom();
    for (;;) {
      const bounds = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(text.slice(at, at + 24));
      if (!bounds) return part;
      at += bounds[0].length;
      const least = bounds[0].startsWith('+') ? 1 : Number(bounds[1] ?? 0);
      part = least === 0 ? anything : { exact: null, needs: part.exact ? [part.exact] : part.needs };
    }
  }

  function atom(): Part {
    const char = take();
    if (char === '^' || char === '$') return nothing;
    if (char === '.') return anything;
    if (char === '[') return charClass();
    if (char === '(') return group();
    if (char === '\\') return escape();
    if ('*+?'.includes(char)) throw new NotUnderstood();
    return { exact: char, needs: null };
  }

  function charClass(): Part {
    if (peek() === '^') at += 1;
    for (let first = true; first || peek() !== ']'; first = false) {
      const char = take();
      if (char === '\\') take();
      else if (char === '[' && peek() === ':') {
        const end = text.indexOf(':]', at);
        if (end < 0) throw new NotUnderstood();
        at = end + 2;
      }
    }
    at += 1;
    return anything;
  }

  function group(): Part {
    if (peek() === '?') {
      const opening = /^\?(?:P?<[A-Za-z_]\w*>|([imsU-]*)([:)]))/.exec(text.slice(at, at + 80));
      if (!opening) throw new NotUnderstood();
      at += opening[0].length;
      // Where it is switched off again it stays on here: that only finds more lines to try.
      if (opening[1]?.includes('i')) ignoreCase = true;
      if (opening[2] === ')') return nothing;
    }
    const part = alternatives();
    if (take() !== ')') throw new NotUnderstood();
    return part;
  }

  function escape(): Part {
    const char = take();
    if ('bBAz'.includes(char)) return nothing;
    if ('dDwWsSC'.includes(char)) return anything;
    if (char === 'p' || char === 'P') {
      if (take() === '{') while (take() !== '}');
      return anything;
    }
    const control = controls[char];
    if (control !== undefined) return { exact: control, needs: null };
    if (/[\w\s]/.test(char)) throw new NotUnderstood();
    return { exact: char, needs: null };
  }

  return { alternatives, atEnd: () => at === text.length, ignoresCase: () => ignoreCase };
}
