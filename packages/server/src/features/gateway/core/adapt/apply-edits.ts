import type { Loss } from '@vigiles/wire';
import { asList, asObject, holders, type Body } from './body.ts';
import { describeEdit, type Edit } from './edit.ts';
import { weigh } from './meaning.ts';
import { mergeRoles, plainContent, renameRole, systemFirst } from './edit-messages.ts';
import { sayFormat, sayToolChoice } from './say-in-words.ts';
import { dropKeyword } from './schema-keyword.ts';

/** What became of a body. */
export interface Applied {
  /** Edits that changed something. */
  changed: Edit[];
  /** Those of them that touch what the client meant. */
  losses: Loss[];
}

/** Changes a parsed body in place. Edits that find nothing to change do nothing and are not told. */
export function applyEdits(body: Body, edits: readonly Edit[], why: string): Applied {
  const applied: Applied = { changed: [], losses: [] };
  for (const edit of edits) {
    const what = applyOne(body, edit);
    if (what === undefined) continue;
    applied.changed.push(edit);
    if (what !== '') applied.losses.push({ path: pathOf(edit), what, why });
  }
  return applied;
}

const pathOf = (edit: Edit): string => ('field' in edit ? edit.field : describeEdit(edit));

/** @returns undefined: nothing was changed; empty: nothing was lost; else what was lost, in words */
function applyOne(body: Body, edit: Edit): string | undefined {
  switch (edit.do) {
    case 'drop':
      return drop(body, edit.field);
    case 'rename': {
      if (!(edit.field in body) || edit.to in body) return undefined;
      body[edit.to] = body[edit.field];
      delete body[edit.field];
      return '';
    }
    case 'set':
      return set(body, edit);
    case 'fill':
      return fill(body, edit.field, edit.value);
    case 'cap':
      return each(body, edit.field, (value) =>
        typeof value === 'number' && value > edit.max ? [edit.max, `${value} became ${edit.max}`] : undefined,
      );
    case 'shorten':
      return each(body, edit.field, (value) =>
        typeof value === 'string' && value.length > edit.max ? [value.slice(0, edit.max), ''] : undefined,
      );
    case 'role':
      return renameRole(body, edit.from, edit.to);
    case 'plain-content':
      return plainContent(body);
    case 'merge-roles':
      return mergeRoles(body);
    case 'system-first':
      return systemFirst(body);
    case 'schema-keyword':
      return dropKeyword(body, edit.keyword);
    case 'cache-marks':
      return limitMarks(body, edit.max);
    case 'say-format':
      return sayFormat(body, edit.as);
    case 'say-tool-choice':
      return sayToolChoice(body);
  }
}

function drop(body: Body, field: string): string | undefined {
  const weight = weigh(body, field);
  const found = holders(body, field);
  // A stored edit never takes what must stay, whatever it says.
  if (found.length === 0 || weight === 'never') return undefined;
  for (const { holder, name } of found) delete holder[name];
  return weight === 'none' ? '' : `${field} was left out`;
}

function set(body: Body, { field, value, when }: Extract<Edit, { do: 'set' }>): string | undefined {
  if (when === 'whole' && body['stream'] === true) return undefined;
  const before = JSON.stringify(value);
  // Fields that stand alone are set even where they are absent, when the server asks for them in a case like this one.
  if (when === 'whole' && !(field in body)) {
    body[field] = value;
    return `${field} became ${before}`;
  }
  return each(body, field, (given) =>
    JSON.stringify(given) === before ? undefined : [value, `${JSON.stringify(given)} became ${before}`],
  );
}

function fill(body: Body, field: string, value: unknown): string | undefined {
  const cut = field.lastIndexOf('.');
  const name = field.slice(cut + 1);
  if (cut === -1) {
    if (body[name] !== undefined && body[name] !== null) return undefined;
    body[name] = value;
    return '';
  }
  const parents = objectsAt(body, field.slice(0, cut));
  let filled = false;
  for (const parent of parents) {
    if (parent[name] !== undefined && parent[name] !== null) continue;
    // Only the model's own turns carry thoughts.
    if (name === 'reasoning_content' && parent['role'] !== 'assistant') continue;
    parent[name] = value;
    filled = true;
  }
  return filled ? '' : undefined;
}

const listOf = (object: Body | undefined): Body[] => (object ? [object] : []);

function objectsAt(body: Body, path: string): Body[] {
  if (path.endsWith('[]')) {
    return holders(body, path.slice(0, -2)).flatMap(({ holder, name }) =>
      asList(holder[name]).flatMap((entry) => listOf(asObject(entry))),
    );
  }
  return holders(body, path).flatMap(({ holder, name }) => listOf(asObject(holder[name])));
}

function each(
  body: Body,
  field: string,
  change: (value: unknown) => readonly [unknown, string] | undefined,
): string | undefined {
  let said: string | undefined;
  for (const { holder, name } of holders(body, field)) {
    const changed = change(holder[name]);
    if (!changed) continue;
    [holder[name], said] = changed;
  }
  return said;
}

/** The newest marks stay: they cover the longest prefix. */
function limitMarks(body: Body, max: number): string | undefined {
  const marked: Body[] = [];
  const look = (node: unknown, depth: number): void => {
    if (depth > 8) return;
    for (const entry of asList(node)) look(entry, depth + 1);
    const object = asObject(node);
    if (!object) return;
    if (object['cache_control']) marked.push(object);
    for (const [name, value] of Object.entries(object)) {
      if (typeof value === 'object' && name !== 'input_schema' && name !== 'input') look(value, depth + 1);
    }
  };
  for (const part of [body['tools'], body['system'], body['messages']]) look(part, 0);
  const extra = marked.slice(0, Math.max(0, marked.length - max));
  for (const holder of extra) delete holder['cache_control'];
  return extra.length > 0 ? '' : undefined;
}
