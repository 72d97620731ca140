import type { CorpusCase, MeantCall, Template } from './case.ts';
import { templates } from './templates.ts';

const WEATHER: MeantCall = { name: 'get_weather', args: { location: 'Bergen, Norway' } };
const READ: MeantCall = { name: 'read_file', args: { path: 'src/index.ts', line: 40, raw: true } };
const WRITE: MeantCall = {
  name: 'write_file',
  args: { path: 'a b.md', content: 'He said "no".\n\n- `<b>` & {curly}\n```js\nlet a = [1];\n```' },
};
const SEARCH: MeantCall = { name: 'search', args: { query: 'größe ≤ 5', paths: ['src', 'docs/a.md'] } };
const SHELL: MeantCall = { name: 'bash', args: { command: 'ls -la | grep "x" && echo $HOME' } };
const FETCH: MeantCall = { name: 'web_fetch', args: { url: 'https://example.org/a?b=1' } };
const SETS: readonly (readonly MeantCall[])[] = [
  [WEATHER],
  [READ],
  [WRITE],
  [SEARCH, WEATHER],
  [SHELL, READ, FETCH],
];

const LEADS = ['', 'Let me have a look at that.\n\n', "I'll check it first.\n", 'Sure! Here goes: '] as const;

/** Every template with every set of calls it can tell, after every lead-in it allows. */
export const positives: readonly CorpusCase[] = templates.flatMap((template) =>
  setsOf(template).flatMap((calls, set) =>
    leadsOf(template).map((lead, at) => ({
      format: template.format,
      title: `${template.title}, calls ${set}, lead-in ${at}`,
      text: lead + template.write(calls),
      calls,
    })),
  ),
);

function setsOf(template: Template): readonly (readonly MeantCall[])[] {
  if (template.only === 'one-command') return [[SHELL], [SHELL, SHELL]];
  if (template.only === 'one-url') return [[FETCH]];
  const sets = template.only === 'one-call' ? SETS.filter(({ length }) => length === 1) : SETS;
  // A fence cannot hold a fence.
  const fences = /^(Action|tags in xml|printed|tool_code)/.test(template.title);
  return fences ? sets.filter((calls) => !calls.includes(WRITE)) : sets;
}

function leadsOf({ format, title }: Template): readonly string[] {
  // Plain words and plain JSON are calls at the start of a line only.
  const ownLine =
    ['raw-json', 'xlam', 'pythonic', 'fenced', 'gemma', 'cohere'].includes(format) ||
    title === 'functools' ||
    title === 'tokens lost';
  return ownLine ? LEADS.slice(0, 3) : LEADS;
}
