/**
 * What tools put before the lines of the tools that they run: BuildKit (`#12 3.456 `, `3.456 `), Compose (`web-1  | `), npm inside
 * npm (`npm error `), Lerna and pnpm (`packages/app test: `), Turborepo (`app:test: `), Bazel and others (`[3/7] `), Terraform's frame.
 */
const prefix =
  /^(?:#\d{1,4} (?:\d{1,5}\.\d{1,6} )?|\d{1,5}\.\d{1,6} |[\w.-]{1,80} {1,20}\| |npm (?:error|ERR!) |@[\w-]{1,80}\/[\w.-]{1,80}: |[@\w./-]{1,100} (?:test|build|lint|check|typecheck|install|postinstall|prepare)[\w:-]{0,30}: |[@\w/-]{1,100}:[\w:-]{1,60}: |\[\d{1,5}\/\d{1,5}\] |[│|>] ?|\s{1,40})/;

/** The line as it stands, then as each tool inside the other wrote it; at most four forms. */
export function peeled(text: string): string[] {
  const forms = [text];
  let rest = text;
  for (let round = 0; round < 3; round += 1) {
    const found = prefix.exec(rest)?.[0];
    if (found === undefined || found.length === rest.length) break;
    rest = rest.slice(found.length);
    forms.push(rest);
  }
  return forms;
}

/** The line as the innermost tool wrote it. */
export const peel = (text: string): string => peeled(text).at(-1) ?? text;
