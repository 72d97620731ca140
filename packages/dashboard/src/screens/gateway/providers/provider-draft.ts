import type { ProviderConfig, ProviderTypeInfo } from '@vigiles/contract';
import type { ConfigEdit } from '../../../data/config.ts';

/** Where a field stands in a provider's configuration, and how it is written. */
export interface ProviderField {
  /** Dotted below the provider. */
  path: string;
  label: string;
  kind: 'text' | 'reference' | 'list' | 'choice' | 'headers';
  hint?: string;
  choices?: readonly { id: string; label: string }[];
  /** Only for types that need it. */
  only?: readonly string[];
}

const protocols = ['openai-responses', 'openai-chat', 'anthropic-messages', 'gemini'];

/** What can be edited here. Quirks, facts of models and OAuth stay as the file has them. */
export const providerFields: readonly ProviderField[] = [
  { path: 'base_url', label: 'Address', kind: 'text', hint: 'Empty: the type’s own.' },
  {
    path: 'api_key',
    label: 'Key',
    kind: 'reference',
    hint: 'A reference, never the key itself: ${secret:name} or ${env:NAME}. Keep one with `vigiles secret set name`.',
  },
  {
    path: 'oauth_account',
    label: 'Connected account',
    kind: 'text',
    hint: 'Instead of a key: the id of an account in oauth.providers, connected under Devices.',
  },
  { path: 'region', label: 'Region', kind: 'text', only: ['bedrock', 'vertex'] },
  { path: 'project', label: 'Project', kind: 'text', only: ['vertex'] },
  { path: 'google', label: 'Google credentials', kind: 'reference', only: ['vertex'] },
  { path: 'api_version', label: 'API version', kind: 'text', only: ['azure-openai'] },
  { path: 'aws.access_key_id', label: 'AWS access key id', kind: 'reference', only: ['bedrock'] },
  { path: 'aws.secret_access_key', label: 'AWS secret access key', kind: 'reference', only: ['bedrock'] },
  { path: 'aws.session_token', label: 'AWS session token', kind: 'reference', only: ['bedrock'] },
  {
    path: 'models',
    label: 'Models',
    kind: 'list',
    hint: 'One a line. Offered beside what the provider lists itself.',
  },
  {
    path: 'headers',
    label: 'Extra headers',
    kind: 'headers',
    hint: 'One a line: `name: value`. Secrets as references.',
  },
  {
    path: 'protocol',
    label: 'Protocol',
    kind: 'choice',
    choices: [{ id: '', label: 'What fits the client' }, ...protocols.map((id) => ({ id, label: id }))],
  },
  {
    path: 'side',
    label: 'Counts as',
    kind: 'choice',
    hint: 'Private turns only go to what counts as local.',
    choices: [
      { id: '', label: 'By its address' },
      { id: 'local', label: 'Local' },
      { id: 'cloud', label: 'Cloud' },
    ],
  },
];

/** A provider as its form holds it: every field a text. */
export interface ProviderDraft {
  id: string;
  type: string;
  enabled: boolean;
  fields: Record<string, string>;
}

const at = (provider: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], provider);

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, text]) => `${name}: ${text}`)
      .join('\n');
  }
  return value as string;
}

/** The form of a provider, or of a new one. */
export const draftOf = (provider: ProviderConfig | null): ProviderDraft => ({
  id: provider?.id ?? '',
  type: provider?.type ?? '',
  enabled: provider?.enabled ?? true,
  fields: Object.fromEntries(
    providerFields.map(({ path }) => [path, asText(provider && at(provider, path))]),
  ),
});

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function written({ kind }: ProviderField, text: string): unknown {
  if (kind === 'list') return lines(text);
  if (kind !== 'headers') return text.trim();
  return Object.fromEntries(
    lines(text).map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

const reference = /^\$\{(env|secret):[^}]+\}$/;

/** What can be told before asking the server: a key that is no reference never leaves the form. */
export function draftProblems(
  draft: ProviderDraft,
  before: ProviderDraft,
  taken: readonly string[],
): Map<string, string> {
  const problems = new Map<string, string>();
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(draft.id))
    problems.set('id', 'Lower-case letters, digits and dashes.');
  else if (draft.id !== before.id && taken.includes(draft.id))
    problems.set('id', 'There is one with this name.');
  if (draft.type === '') problems.set('type', 'Choose what it is.');
  for (const { path, kind } of providerFields) {
    const text = (draft.fields[path] ?? '').trim();
    if (kind === 'reference' && text !== '' && text !== before.fields[path] && !reference.test(text)) {
      problems.set(path, 'A reference such as ${secret:name} or ${env:NAME}, not the secret itself.');
    }
    if (kind === 'headers' && lines(text).some((line) => !line.includes(':'))) {
      problems.set(path, 'Each line is `name: value`.');
    }
  }
  return problems;
}

/** The changes to vigiles.yaml that make a provider what its form says; untouched fields are not written. */
export function providerEdits(
  draft: ProviderDraft,
  before: ProviderDraft | null,
  place: number,
  count: number,
): ConfigEdit[] {
  const known = before ?? draftOf(null);
  const changed = providerFields.filter(({ path }) => (draft.fields[path] ?? '') !== known.fields[path]);
  if (before === null) {
    const value: Record<string, unknown> = { id: draft.id, type: draft.type };
    if (!draft.enabled) value['enabled'] = false;
    for (const field of changed) {
      const [key = '', inner] = field.path.split('.');
      const text = written(field, draft.fields[field.path] ?? '');
      value[key] = inner === undefined ? text : { ...(value[key] as object | undefined), [inner]: text };
    }
    return [
      count === 0
        ? { path: ['gateway', 'providers'], value: [value] }
        : { path: ['gateway', 'providers', count], value },
    ];
  }
  const base = ['gateway', 'providers', place];
  const edits: ConfigEdit[] = [];
  if (draft.id !== known.id) edits.push({ path: [...base, 'id'], value: draft.id });
  if (draft.type !== known.type) edits.push({ path: [...base, 'type'], value: draft.type });
  if (draft.enabled !== known.enabled) edits.push({ path: [...base, 'enabled'], value: draft.enabled });
  for (const field of changed) {
    const text = draft.fields[field.path] ?? '';
    edits.push({
      path: [...base, ...field.path.split('.')],
      value: text.trim() === '' ? null : written(field, text),
    });
  }
  return edits;
}

/** The fields of a type: what only others need is left out, unless it is filled in. */
export const fieldsOf = (type: ProviderTypeInfo | undefined, draft: ProviderDraft): ProviderField[] =>
  providerFields.filter(({ path, only }) => {
    if ((draft.fields[path] ?? '') !== '') return true;
    if (path === 'api_key' && type?.auth === 'none') return false;
    return only === undefined || only.includes(draft.type);
  });
