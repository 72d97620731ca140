import type { ProviderProtocolName } from '@vigiles/wire';
import { asObject, holders, messagesOf, type Body } from './body.ts';
import type { Edit } from './edit.ts';
import { locate } from './locate.ts';
import { weigh } from './meaning.ts';
import { nearestEffort } from './nearest-effort.ts';
import type { Feature, Path, Reason } from './reason.ts';

/** An edit to try, and whether it may be kept for later turns: what depends on this one prompt may not. */
export interface PlannedEdit {
  edit: Edit;
  keep: boolean;
}

/** Least room for an answer that is worth asking for, tokens. */
const LEAST_ANSWER = 256;

/**
 * What to change so that the provider takes the request; null where it must not be changed, cannot be, or is not worth
 * it: then the refusal is passed on. One reason that cannot be met makes the others pointless.
 */
export function planEdits(
  reasons: readonly Reason[],
  body: Body,
  protocol: ProviderProtocolName,
): PlannedEdit[] | null {
  const planned: PlannedEdit[] = [];
  for (const reason of reasons) {
    const edits = planOne(reason, body, protocol);
    if (!edits) return null;
    for (const edit of edits) planned.push({ edit, keep: reason.type !== 'over-window' });
  }
  return planned.length > 0 ? planned : null;
}

function planOne(reason: Reason, body: Body, protocol: ProviderProtocolName): Edit[] | null {
  switch (reason.type) {
    case 'unknown-field':
      return planUnknown(reason.path, body);
    case 'use-instead':
      return planInstead(reason.path, reason.instead, body);
    case 'unsupported-value':
      return planValue(reason.path, reason.allowed, body);
    case 'wrong-type':
      return planType(reason);
    case 'over-limit': {
      const field = locate(body, reason.path) ?? twinIn(body, String(reason.path.at(-1)));
      return field === undefined || reason.max < 1 ? null : [{ do: 'cap', field, max: reason.max }];
    }
    case 'too-long': {
      const field = locate(body, reason.path);
      const label = field !== undefined && weigh(body, field) === 'none';
      return label ? [{ do: 'shorten', field, max: reason.max }] : null;
    }
    case 'over-window':
      return planWindow(reason.window - reason.prompt, body);
    case 'unsupported-role':
      return planRole(reason.role, body);
    case 'missing-field':
      return planMissing(reason.path, body, protocol);
    case 'conflict': {
      const field = locate(body, reason.path);
      return field === undefined || weigh(body, field) === 'never' ? null : [{ do: 'drop', field }];
    }
    case 'schema-keyword':
      return [{ do: 'schema-keyword', keyword: reason.keyword }];
    case 'roles-alternate':
      return [{ do: 'merge-roles' }];
    case 'system-first':
      return [{ do: 'system-first' }];
    case 'cache-marks':
      return [{ do: 'cache-marks', max: reason.max }];
    case 'strict-schema': {
      const field = STRICT_FIELDS.find((one) => holders(body, one).length > 0);
      return field === undefined ? null : [{ do: 'drop', field }];
    }
    case 'unsupported-feature':
      return planFeature(reason.feature, body);
  }
}

/** Where a protocol has `strict` of a tool. */
const STRICT_FIELDS = ['tools[].function.strict', 'tools[].strict', 'toolConfig.tools[].toolSpec.strict'];

/** Fields that go by two names; a server that knows only one gets that one. */
const TWINS: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
};

const twinIn = (body: Body, field: string): string | undefined => {
  const twin = TWINS[field];
  return twin !== undefined && twin in body ? twin : undefined;
};

function planUnknown(path: Path, body: Body): Edit[] | null {
  const field = locate(body, path);
  if (field === undefined) return null;
  const twin = TWINS[field];
  if (twin !== undefined && !(twin in body)) return [{ do: 'rename', field, to: twin }];
  if (field === 'tool_choice') return planFeature('tool-choice', body);
  if (field === 'response_format') return planFeature('json-schema', body);
  return weigh(body, field) === 'never' ? null : [{ do: 'drop', field }];
}

function planInstead(path: Path, instead: string, body: Body): Edit[] | null {
  if (path.join('.').startsWith('thinking.type') && instead.endsWith('adaptive')) {
    return [{ do: 'set', field: 'thinking', value: { type: 'adaptive' } }];
  }
  const field = locate(body, path);
  if (field === undefined) return null;
  // Only a flat field can simply go by another name; elsewhere the form differs, too.
  if (TWINS[field] === instead) return [{ do: 'rename', field, to: instead }];
  return weigh(body, field) === 'never' ? null : [{ do: 'drop', field }];
}

function planValue(path: Path, allowed: readonly string[] | undefined, body: Body): Edit[] | null {
  const field = locate(body, path);
  if (field === undefined) return null;
  const last = field.slice(field.lastIndexOf('.') + 1);
  if (last === 'effort' || last === 'reasoning_effort' || last === 'verbosity') {
    const given = holders(body, field)[0];
    const nearest = given && allowed ? nearestEffort(String(given.holder[given.name]), allowed) : undefined;
    return nearest === undefined ? [{ do: 'drop', field }] : [{ do: 'set', field, value: nearest }];
  }
  if (field === 'thinking.type' && allowed?.includes('enabled')) {
    return [{ do: 'set', field: 'thinking', value: { type: 'enabled', budget_tokens: 8192 } }];
  }
  if (field === 'thinking.budget_tokens') return planBudget(body);
  if (field === 'enable_thinking') return [{ do: 'set', field, value: false, when: 'whole' }];
  if (field.startsWith('response_format') || field.startsWith('text.format')) {
    return planFeature(allowed?.includes('json_schema') ? 'json-object' : 'json-schema', body);
  }
  if (field === 'tool_choice') return planFeature('tool-choice', body);
  return weigh(body, field) === 'never' ? null : [{ do: 'drop', field }];
}

/** Thoughts must leave room for the answer; below 1024 tokens they cannot be had at all. */
function planBudget(body: Body): Edit[] | null {
  const most = body['max_tokens'];
  if (typeof most !== 'number') return null;
  const room = most - LEAST_ANSWER;
  return room >= 1024
    ? [{ do: 'cap', field: 'thinking.budget_tokens', max: room }]
    : [{ do: 'drop', field: 'thinking' }];
}

function planType(reason: Extract<Reason, { type: 'wrong-type' }>): Edit[] | null {
  const last = reason.path.at(-1);
  if (last !== 'content') return null;
  return reason.expected === 'string'
    ? [{ do: 'plain-content' }]
    : [{ do: 'fill', field: 'messages[].content', value: '' }];
}

const LIMIT_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'];

function planWindow(room: number, body: Body): Edit[] | null {
  const field = LIMIT_FIELDS.find((one) => typeof body[one] === 'number');
  const asked = field === undefined ? 0 : (body[field] as number);
  return field === undefined || room < LEAST_ANSWER || room >= asked
    ? null
    : [{ do: 'cap', field, max: room }];
}

function planRole(role: string, body: Body): Edit[] | null {
  const messages = messagesOf(body) ?? [];
  const has = (wanted: string): boolean => messages.some((message) => asObject(message)?.['role'] === wanted);
  if (role !== 'system' && role !== 'developer') return null;
  if (!has(role)) return null;
  // What the operator says stays said; without a role of its own it is said as the user.
  return [{ do: 'role', from: role, to: role === 'developer' ? 'system' : 'user' }];
}

const FILLS: readonly (readonly [RegExp, Edit])[] = [
  [/reasoning_content$/, { do: 'fill', field: 'messages[].reasoning_content', value: '' }],
  [/^messages\..*content$/, { do: 'fill', field: 'messages[].content', value: '' }],
  [/^tools\..*function\.description$/, { do: 'fill', field: 'tools[].function.description', value: '' }],
  [/^tools\..*description$/, { do: 'fill', field: 'tools[].description', value: '' }],
  [
    /^tools\..*function\.parameters$/,
    { do: 'fill', field: 'tools[].function.parameters', value: { type: 'object', properties: {} } },
  ],
  [/^text\.format$/, { do: 'set', field: 'text', value: { format: { type: 'text' } } }],
];

/** What the Messages protocol asks for and others do not: the same default as where requests are translated. */
const DEFAULT_MAX_TOKENS = 32_000;

function planMissing(path: Path, body: Body, protocol: ProviderProtocolName): Edit[] | null {
  const name = path.join('.');
  if (name === 'max_tokens') {
    return 'max_tokens' in body
      ? null
      : [
          {
            do: 'fill',
            field: 'max_tokens',
            value: protocol === 'anthropic-messages' ? DEFAULT_MAX_TOKENS : 8192,
          },
        ];
  }
  const fill = FILLS.find(([pattern]) => pattern.test(name))?.[1];
  return fill ? [fill] : null;
}

function planFeature(feature: Feature, body: Body): Edit[] | null {
  if (feature === 'tool-choice') {
    const choice = body['tool_choice'];
    if (choice === undefined || choice === 'none') return null;
    return choice === 'auto' ? [{ do: 'drop', field: 'tool_choice' }] : [{ do: 'say-tool-choice' }];
  }
  if (feature === 'json-object' || feature === 'json-schema') {
    const format = asObject(body['response_format']);
    if (!format) return null;
    if (feature === 'json-object') return [{ do: 'say-format', as: 'json_schema' }];
    return [{ do: 'say-format', as: format['type'] === 'json_schema' ? 'json_object' : 'none' }];
  }
  // Tools and pictures are what the request is about.
  return null;
}
