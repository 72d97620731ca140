/** One import of a module of Node's at the top of a file, as the bundler writes it. */
const imported =
  /import\s*(?:([\w$]+)\s*,?\s*)?(?:\*\s*as\s+([\w$]+)\s*)?(?:\{([^}]*)\}\s*)?from\s*(["'`])(node:[\w/]+)\4;?/y;
const importedElse = /(?:import|export)\b[^;]*;\s*/y;

/** `a as b, c` as a pattern of names: `a:b,c`. */
const patternOf = (names: string): string =>
  names
    .split(',')
    .map((name) => name.trim().replace(/^([\w$]+)\s+as\s+/, '$1:'))
    .filter((name) => name !== '')
    .join(',');

/**
 * The same file with Node's own modules asked for by name. An import statement reads all that a module exports, and some of it is made
 * when it is read: fetch, streams of files, text decoders, each with what it needs.
 * @param code a module whose imports stand at its top, as a bundler writes it
 */
export function builtinsAtHand(code: string): string {
  let out = '';
  let at = 0;
  for (;;) {
    imported.lastIndex = at;
    const found = imported.exec(code);
    if (found) {
      const [text, own, all, names, , module] = found;
      const asked = `globalThis.process.getBuiltinModule("${module}")`;
      for (const name of [own, all, names === undefined ? undefined : `{${patternOf(names)}}`])
        if (name !== undefined) out += `var ${name}=${asked};`;
      at += text.length;
      continue;
    }
    importedElse.lastIndex = at;
    const other = importedElse.exec(code);
    if (!other) return out + code.slice(at);
    out += other[0];
    at += other[0].length;
  }
}
