/** The bodies of the fenced `sh` blocks, in order. */
export const shellBlocks = (markdown: string): string[] =>
  [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body.trim());

/** The commands of a shell text: continued lines joined, comments and empty lines left out. */
export const stepsOf = (block: string): string[] =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Text without fenced blocks, where brackets are no links. */
const prose = (markdown: string): string => markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** Targets of links and pictures within the repository, without their `#anchor`. */
export function localLinks(markdown: string): string[] {
  const text = prose(markdown).replaceAll(/`[^`\n]*`/g, '');
  const found = [
    ...text.matchAll(/\]\(([^()\s]+)\)/g),
    ...text.matchAll(/\b(?:src|srcset|href)="([^"\s]+)"/g),
  ].map(([, target = '']) => target);
  return found.filter((target) => !/^([a-z]+:|#)/i.test(target)).map((target) => target.replace(/#.*$/, ''));
}

/** Code of a Markdown text: the fenced blocks and the inline spans. */
const codeOf = (markdown: string): string[] => [
  ...[...markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body),
  ...[...prose(markdown).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span),
];

/** Words after each `vigiles` that is called as a command in code: `device pair`, `status`. */
export const calledVerbs = (markdown: string): string[] =>
  codeOf(markdown).flatMap((code) =>
    [...code.matchAll(/(?:^|[\s(&|])vigiles(?: --)? ([a-z][a-z-]*(?: [a-z][a-z-]*)?)/gm)].map(
      ([, words = '']) => words,
    ),
  );
