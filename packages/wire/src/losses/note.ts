import type { Loss, ProviderProtocolName, TurnRequest } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import type { EncodeTarget } from '../protocol.ts';

/** Reports a loss that may repeat all through a history once, at its first place. */
export function noteOnce(losses: Loss[], loss: Loss): void {
  if (!losses.some((other) => other.what === loss.what && other.why === loss.why)) losses.push(loss);
}

/** Fields that both of OpenAI's protocols have, under one name and with one meaning. */
const OPENAI_FIELDS: ReadonlySet<string> = new Set(['prompt_cache_retention', 'prompt_cache_options']);

const isOpenai = (protocol: ProviderProtocolName): boolean =>
  protocol === 'openai-chat' || protocol === 'openai-responses';

/**
 * Fields without a canonical place, as the client wrote them, that this backend takes: all where they were written for
 * it, else what both of OpenAI's protocols know.
 * @param openai the backend takes OpenAI's own extras
 */
export function ownFields(
  { vendor }: TurnRequest,
  protocol: ProviderProtocolName,
  target: EncodeTarget,
  openai = false,
): Record<string, unknown> {
  if (!vendor) return {};
  if (target.ownFields && vendor.protocol === protocol) return vendor.fields;
  if (!openai || !isOpenai(vendor.protocol)) return {};
  return Object.fromEntries(Object.entries(vendor.fields).filter(([field]) => OPENAI_FIELDS.has(field)));
}

/** Reports request fields that only the client's own protocol understands. @param kept those that go on all the same */
export function noteVendorFields(
  { vendor }: TurnRequest,
  target: ProviderProtocolName,
  losses: Loss[],
  kept: Record<string, unknown> = {},
): void {
  if (!vendor) return;
  for (const [field, value] of Object.entries(vendor.fields)) {
    if (value === false || field in kept) continue;
    const refused = vendor.protocol === target || (isOpenai(target) && OPENAI_FIELDS.has(field));
    const why = refused ? 'the backend may refuse it' : `only ${vendor.protocol} knows it`;
    // What stands in a group of settings is told by its own name.
    const names =
      GROUPS.has(field) && asRecord(value) ? `${field} (${Object.keys(value as object).join(', ')})` : field;
    losses.push({ path: `vendor.${field}`, what: names, why });
  }
}

const GROUPS: ReadonlySet<string> = new Set(['generationConfig', 'toolConfig']);

/** Whether the last message is an answer which its client began and wants continued. A client of the very protocol that is written means a history. */
export function beginsAnswer({ messages }: TurnRequest, { ownFields: own }: EncodeTarget): boolean {
  const last = messages.at(-1);
  return !own && last?.role === 'assistant' && last.parts.at(-1)?.type === 'text';
}

/** Reports an answer which its client began, to a backend that is not known to go on with it. */
export function noteBegunAnswer(request: TurnRequest, target: EncodeTarget, losses: Loss[]): void {
  if (!beginsAnswer(request, target)) return;
  losses.push({
    path: `messages[${request.messages.length - 1}]`,
    what: 'a begun answer',
    why: 'the backend may answer it with a message of its own instead of going on with it',
  });
}
