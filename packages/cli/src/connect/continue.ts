import { join } from 'node:path';
import { SettingsError, type Agent, type AgentConnection, type SettingsFile } from './agent.ts';

const marker = '# Written by `vigiles connect continue`; `vigiles disconnect continue` takes it out.';
const emptyFile = 'name: Local Config\nversion: 1.0.0\nschema: v1\n';

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
const isBlank = (line: string) => /^\s*(?:#.*)?\s*$/.test(line);

const entryLines = ({ baseUrl, token, model }: AgentConnection, indent: number, eol: string): string[] => {
  const pad = ' '.repeat(indent);
  return [
    `${pad}${marker}`,
    `${pad}- name: Vigiles`,
    `${pad}  provider: openai`,
    `${pad}  model: ${JSON.stringify(model ?? 'scripted')}`,
    `${pad}  apiBase: ${JSON.stringify(baseUrl)}`,
    `${pad}  apiKey: ${JSON.stringify(token)}`,
    `${pad}  roles: [chat, edit, apply]`,
  ].map((line) => line + eol);
};

/** Our entry's lines: from the marker to the next line that is not indented below its dash. */
function ownSpan(lines: readonly string[]): { from: number; to: number; indent: number } | null {
  const from = lines.findIndex((line) => line.trim() === marker);
  if (from < 0) return null;
  const dash = lines[from + 1] ?? '';
  if (!/^ *- name: Vigiles\s*$/.test(dash))
    throw new SettingsError('the entry under our mark was moved or changed', from + 2);
  const indent = indentOf(dash);
  let to = from + 2;
  while (to < lines.length && !isBlank(lines[to] ?? '') && indentOf(lines[to] ?? '') > indent) to += 1;
  return { from, to, indent };
}

/** Where a new entry goes: behind the last entry of `models`, with that list's indentation. */
function placeFor(lines: readonly string[]): { at: number; indent: number } | null {
  const head = lines.findIndex((line) => /^models[ \t]*:/.test(line));
  if (head < 0) return null;
  if (!/^models[ \t]*:\s*(?:#.*)?\s*$/.test(lines[head] ?? ''))
    throw new SettingsError('models is not a list with one entry below the other', head + 1);
  let at = head + 1;
  let indent = 2;
  let first = true;
  for (let i = head + 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (isBlank(line)) continue;
    const dash = /^ *- /.test(line);
    if (indentOf(line) === 0 && !dash) break;
    if (first && !dash) throw new SettingsError('models is not a list with one entry below the other', i + 1);
    if (first) indent = indentOf(line);
    first = false;
    at = i + 1;
  }
  return { at, indent };
}

const file: SettingsFile = {
  path: ({ userHome }) => join(userHome, '.continue', 'config.yaml'),
  format: 'yaml',
  connect(text, connection) {
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    const lines = linesOf(text.trim() === '' ? emptyFile : text);
    const last = lines.at(-1);
    if (last !== undefined && !last.endsWith('\n')) lines[lines.length - 1] = last + eol;
    const own = ownSpan(lines);
    const place = own ? null : placeFor(lines);
    if (own) lines.splice(own.from, own.to - own.from, ...entryLines(connection, own.indent, eol));
    else if (place) lines.splice(place.at, 0, ...entryLines(connection, place.indent, eol));
    else lines.push(`models:${eol}`, ...entryLines(connection, 2, eol));
    return lines.join('');
  },
  disconnect(text, original) {
    const lines = linesOf(text);
    const own = ownSpan(lines);
    if (!own) return text;
    lines.splice(own.from, own.to - own.from);
    const head = lines.findIndex((line) => /^models[ \t]*:\s*$/.test(line));
    const had = linesOf(original).some((line) => /^models[ \t]*:/.test(line));
    if (head >= 0 && !had && !/^ *- /.test(lines[head + 1] ?? '')) lines.splice(head, 1);
    return lines.join('');
  },
  connectedAs(text) {
    const lines = linesOf(text);
    const own = ownSpan(lines);
    if (!own) return null;
    const entry = lines.slice(own.from, own.to).join('');
    const [token, address] = [/apiKey: "([^"]*)"/.exec(entry)?.[1], /apiBase: "([^"]*)"/.exec(entry)?.[1]];
    return token !== undefined && address !== undefined ? { token, address } : null;
  },
};

/** Continue takes one more model; the person chooses it in the editor. https://docs.continue.dev/reference */
export const continueAgent: Agent = {
  id: 'continue',
  name: 'Continue',
  files: [file],
  notes: () => ['Choose the model "Vigiles" in the editor.'],
};
