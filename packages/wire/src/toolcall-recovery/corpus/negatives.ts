import type { CorpusCase, MeantCall, Template } from './case.ts';
import { proseNegatives } from './prose-negatives.ts';
import { templates } from './templates.ts';

const READ: MeantCall = { name: 'read_file', args: { path: 'a.txt' } };
const SHELL: MeantCall = { name: 'bash', args: { command: 'ls' } };
const FETCH: MeantCall = { name: 'web_fetch', args: { url: 'https://example.org/' } };

/** Ways in which prose shows markup without meaning it. */
const QUOTING: readonly [string, (markup: string) => string][] = [
  ['a Python fence', (markup) => `The parser test:\n\n\`\`\`python\ntext = """\n${markup}\n"""\n\`\`\`\n`],
  ['a Markdown fence of four', (markup) => `In the README:\n\n\`\`\`\`markdown\n${markup}\n\`\`\`\`\n`],
  ['an example, then more', (markup) => `For example:\n${markup}\nand the runtime would run it.`],
  [
    'a blockquote',
    (markup) =>
      `${markup
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}\n\nThat was the log.`,
  ],
  ['an HTML comment', (markup) => `<!-- ${markup} -->\nNothing to do.`],
  ['a pre element', (markup) => `<pre>\n${markup}\n</pre>\nshows the format.`],
];
const ONE_LINE: readonly [string, (markup: string) => string][] = [
  ['double backticks', (markup) => `The model writes \`\` ${markup} \`\` and stops.`],
  ['a string', (markup) => `Compare it with "${markup}" in the test.`],
  ['mid-sentence', (markup) => `A model of this family emits ${markup} and then waits for the result.`],
];

/** Every template, quoted in every way, beside the prose written by hand. */
export const negatives: readonly CorpusCase[] = [
  ...templates.flatMap((template) => QUOTING.map(([title, wrap]) => quoted(template, title, wrap))),
  ...templates
    .filter((template) => !template.write([callFor(template)]).includes('\n'))
    .flatMap((template) => ONE_LINE.map(([title, wrap]) => quoted(template, title, wrap))),
  ...templates
    .filter(({ only }) => only !== 'one-command' && only !== 'one-url')
    .flatMap((template) => [
      {
        format: template.format,
        title: `${template.title}: an undeclared tool`,
        text: template.write([{ name: 'launch_rocket', args: { path: 'a.txt' } }]),
        calls: [],
      },
      {
        format: template.format,
        title: `${template.title}: a required argument is missing`,
        text: template.write([{ name: 'write_file', args: { path: 'a.txt' } }]),
        calls: [],
      },
    ]),
  ...proseNegatives.map((text, at) => ({ format: 'prose', title: `by hand ${at}`, text, calls: [] })),
];

function quoted(template: Template, title: string, wrap: (markup: string) => string): CorpusCase {
  const { format } = template;
  return {
    format,
    title: `${template.title} in ${title}`,
    text: wrap(template.write([callFor(template)])),
    calls: [],
  };
}

function callFor({ only }: Template): MeantCall {
  if (only === 'one-command') return SHELL;
  return only === 'one-url' ? FETCH : READ;
}
