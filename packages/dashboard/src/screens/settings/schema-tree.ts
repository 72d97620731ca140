import { restartPaths } from '@vigiles/contract';
import type { SchemaNode } from '../fleet/service-form/schema-fields.ts';

export type Path = readonly (string | number)[];

export interface Node extends SchemaNode {
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  pattern?: string;
  properties?: Record<string, Node>;
  items?: Node;
  additionalProperties?: Node | boolean;
  oneOf?: Node[];
  anyOf?: Node[];
}

/** How a setting is written. `other`: by hand, as JSON. */
export type SettingKind =
  | 'check'
  | 'number'
  | 'choice'
  | 'text'
  | 'number_or_text'
  | 'texts'
  | 'choices'
  | 'group'
  | 'entries'
  | 'pairs'
  | 'named_entries'
  /** One of several forms, told apart by a constant. */
  | 'variants'
  | 'other';

const isNumber = ({ type }: Node): boolean => type === 'number' || type === 'integer';
const isPlain = (node: Node): boolean => node.type === 'string' || isNumber(node);

export function kindOf(node: Node): SettingKind {
  if (node.enum) return 'choice';
  if (node.type === 'boolean') return 'check';
  if (isNumber(node)) return 'number';
  if (node.type === 'string') return 'text';
  if (node.anyOf?.every(isPlain)) return node.anyOf.some(isNumber) ? 'number_or_text' : 'text';
  if (node.type === 'array' && node.items) {
    if (node.items.enum) return 'choices';
    if (isPlain(node.items)) return 'texts';
    return node.items.properties || node.items.oneOf ? 'entries' : 'other';
  }
  if (node.properties) return 'group';
  if (node.oneOf?.every((form) => constantOf(form) !== null)) return 'variants';
  if (typeof node.additionalProperties === 'object') {
    if (isPlain(node.additionalProperties)) return 'pairs';
    if (node.additionalProperties.properties) return 'named_entries';
  }
  return 'other';
}

const units: Record<string, string> = {
  s: 'seconds',
  ms: 'ms',
  kb: 'KB',
  mb: 'MB',
  d: 'days',
  h: 'hours',
  days: 'days',
  minutes: 'minutes',
  usd: 'US dollars',
  percent: '%',
};
const words: Record<string, string> = {
  ai: 'AI',
  acp: 'ACP',
  api: 'API',
  url: 'URL',
  id: 'id',
  github: 'GitHub',
  gh: 'gh',
  oauth: 'OAuth',
  vscode: 'VS Code',
  smtp: 'SMTP',
  env: 'environment',
  ttl: 'TTL',
};

/** The unit that a name ends with; null where it has none. */
export function unitOf(key: string): string | null {
  const parts = key.split('_');
  return (parts.length > 1 ? units[parts.at(-1) ?? ''] : undefined) ?? null;
}

/** `keep_events_days` → `Keep events`. */
export function nameOf(key: string | number): string {
  if (typeof key === 'number') return `Entry ${key + 1}`;
  const parts = key.split('_');
  const kept = unitOf(key) === null ? parts : parts.slice(0, -1);
  const text = kept.map((part) => words[part] ?? part).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const secretNames =
  /(?:^|_)(?:token|secret|password|passphrase|credentials?|(?:api|private|user|routing|config|access|secret)_key)$/;

/** Whether a secret belongs here: it is chosen by name, its value is nowhere shown. */
export const isSecret = (key: string | number, value: unknown): boolean =>
  (typeof key === 'string' && secretNames.test(key)) ||
  (typeof value === 'string' && (/^\$\{(?:secret|env):[^}]*\}$/.test(value) || value === hiddenMark));

/** What the server shows instead of a literal secret. */
export const hiddenMark = '[redacted]';

/** Whether it is taken over only by a restart. */
export const needsRestart = (path: string): boolean =>
  restartPaths.some((slow) => path === slow || path.startsWith(`${slow}.`));

/** The form of an entry: of several forms the one whose constants the entry has. */
export function formOf(node: Node, value: unknown): Node {
  if (!node.oneOf) return node;
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const fits = (form: Node): boolean =>
    Object.entries(form.properties ?? {}).every(
      ([key, child]) => child.const === undefined || entry[key] === child.const,
    );
  return node.oneOf.find(fits) ?? node.oneOf[0] ?? node;
}

/** The word that tells a form from others; null: it has none. */
function constantOf(form: Node): string | null {
  const found = Object.values(form.properties ?? {}).find((child) => child.const !== undefined);
  if (!found) return null;
  return typeof found.const === 'string' ? found.const : JSON.stringify(found.const);
}

/** The forms that an entry may have, by the word that tells them apart; empty: only one. */
export const formsOf = (node: Node): { word: string; form: Node }[] =>
  (node.oneOf ?? []).map((form) => ({
    word: constantOf(form) ?? '',
    form,
  }));

/** An entry as it begins: the constants of its form, and empty places for what has to be said. */
export function blankOf(form: Node): Record<string, unknown> {
  const blank: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(form.properties ?? {})) {
    if (child.const !== undefined) blank[key] = child.const;
    else if (child.default === undefined && (form.required ?? []).includes(key))
      blank[key] = blankValue(child);
  }
  return blank;
}

/** The same of another form: what both ask for under one name stays as it was said; what has a default begins with it. */
export function variantOf(form: Node, value: unknown): Record<string, unknown> {
  const said = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const stays = Object.entries(said).filter(([key, word]) => {
    const child = form.properties?.[key];
    if (!child || child.const !== undefined || child.default !== undefined) return false;
    return kindOf(child) === kindOfValue(child, word);
  });
  return { ...blankOf(form), ...Object.fromEntries(stays) };
}

/** Its own kind where the value is of it. */
function kindOfValue(node: Node, value: unknown): SettingKind | null {
  const kind = kindOf(node);
  if (kind === 'check') return typeof value === 'boolean' ? kind : null;
  if (kind === 'number') return typeof value === 'number' ? kind : null;
  if (kind === 'choice') return (node.enum ?? []).some((one) => one === value) ? kind : null;
  return kind === 'text' && typeof value === 'string' ? kind : null;
}

function blankValue(node: Node): unknown {
  switch (kindOf(node)) {
    case 'check':
      return false;
    case 'number':
      return node.minimum ?? 0;
    case 'choice':
      return node.enum?.[0] ?? '';
    case 'texts':
    case 'choices':
    case 'entries':
      return [];
    case 'group':
      return blankOf(node);
    case 'pairs':
    case 'named_entries':
      return {};
    default:
      return '';
  }
}

export interface Leaf {
  path: string[];
  node: Node;
}

/** Every setting below a node that is no group, in the order of the schema. */
export function leavesOf(node: Node, path: string[] = []): Leaf[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    kindOf(child) === 'group' ? leavesOf(child, [...path, key]) : [{ path: [...path, key], node: child }],
  );
}

/** Whether every word typed is in its path, name or description. */
export function matches({ path, node }: Leaf, typed: string): boolean {
  const text = `${path.join('.')} ${path.map(nameOf).join(' ')} ${node.description ?? ''}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
