import type { DraftBook, SourceKey } from './draft-book.ts';
import { isRecord, listOf, textOf, type SourceFile } from './proposal.ts';
import { baseOf, typeOfAddress, typeOfPrefix } from './vendors.ts';

/** `os.environ/NAME` is LiteLLM's way to name a variable. */
export function litellmKey(value: unknown): SourceKey {
  const text = textOf(value);
  if (text === undefined) return null;
  const name = /^os\.environ\/([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  return name === undefined ? { value: text } : { env: name };
}

const read = new Set(['model', 'api_key', 'api_base', 'base_url', 'extra_headers', 'custom_llm_provider']);

/** Names without a prefix that LiteLLM knows by heart. */
const bareTypes: readonly [RegExp, string][] = [
  [/^(?:gpt-|chatgpt-|o\d|codex-)/, 'openai'],
  [/^claude-/, 'anthropic'],
];

function vendorOf(model: string, base: string | undefined, custom: string | undefined) {
  const slash = model.indexOf('/');
  const prefix = custom ?? (slash > 0 ? model.slice(0, slash) : undefined);
  const type = prefix === undefined ? undefined : typeOfPrefix(prefix);
  const rest = custom === undefined && slash > 0 ? model.slice(slash + 1) : model;
  const address = base === undefined ? null : baseOf(base);
  // `openai/…` with an address of one's own is LiteLLM's way to say OpenAI-compatible.
  if (type === 'openai' && address !== null) return { type: typeOfAddress(address), rest, prefix };
  if (type !== undefined) return { type, rest, prefix };
  if (prefix !== undefined) return { type: undefined, rest, prefix };
  const bare = bareTypes.find(([pattern]) => pattern.test(model))?.[1];
  return { type: address === null ? bare : typeOfAddress(address), rest: model, prefix };
}

/** A LiteLLM proxy's config.yaml. https://docs.litellm.ai/docs/proxy/configs */
export function importLitellm({ value, lineOf }: SourceFile, book: DraftBook): void {
  for (const [i, entry] of listOf(value['model_list']).entries()) {
    const at = ['model_list', i];
    const line = lineOf([...at, 'model_name']);
    const params = isRecord(entry) && isRecord(entry['litellm_params']) ? entry['litellm_params'] : {};
    const [name, model] = [
      isRecord(entry) ? textOf(entry['model_name']) : undefined,
      textOf(params['model']),
    ];
    if (name === undefined || model === undefined) {
      book.leaveOut(lineOf(at), `model_list entry ${i + 1}`, 'it has no model_name or no model');
      continue;
    }
    const base = textOf(params['api_base']) ?? textOf(params['base_url']);
    if (base?.startsWith('os.environ/')) {
      book.leaveOut(line, name, 'its address is in the environment; write base_url by hand');
      continue;
    }
    const { type, rest, prefix } = vendorOf(model, base, textOf(params['custom_llm_provider']));
    if (type === undefined) {
      book.leaveOut(line, name, `there is no provider type for "${prefix ?? model}"`);
      continue;
    }
    if (type === 'openai-compatible' && base === undefined) {
      book.leaveOut(line, name, 'it has no address (api_base)');
      continue;
    }
    const extra = isRecord(params['extra_headers']) ? params['extra_headers'] : {};
    const headers = Object.fromEntries(Object.entries(extra).map(([key, text]) => [key, litellmKey(text)]));
    const key = litellmKey(params['api_key']);
    const provider = book.provider({ name: prefix ?? type, type, base, key, headers }, line);
    if (!provider) continue;
    const wildcard = name.endsWith('*');
    if (!wildcard) book.addModel(provider, rest);
    book.route(name, provider, wildcard ? undefined : rest, line);
    for (const field of Object.keys(params)) {
      if (!read.has(field))
        book.leaveOut(
          lineOf([...at, 'litellm_params', field]),
          `${name}: ${field}`,
          'there is no such setting per model',
        );
    }
  }
  for (const [section, content] of Object.entries(value)) {
    if (section === 'model_list') continue;
    const fields = isRecord(content) ? Object.keys(content) : [];
    if (fields.length === 0) book.leaveOut(lineOf([section]), section, 'it has no counterpart here');
    for (const field of fields)
      book.leaveOut(lineOf([section, field]), `${section}.${field}`, 'it has no counterpart here');
  }
}
