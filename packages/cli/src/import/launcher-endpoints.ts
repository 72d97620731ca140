import { shellKey } from './claude-code-router.ts';
import type { DraftBook } from './draft-book.ts';
import { isRecord, listOf, textOf, type Loose, type ProviderDraft, type SourceFile } from './proposal.ts';
import { baseOf, typeOfAddress } from './vendors.ts';

const addressFields = ['base_url', 'url', 'provider_url', 'api_base'];
const modelFields = ['default_model', 'model'];
const read = new Set(['name', 'api_key', 'models', 'backend_type', ...addressFields, ...modelFields]);

const first = (entry: Loose, fields: readonly string[]): string | undefined =>
  fields.map((field) => textOf(entry[field])).find((text) => text !== undefined);

const modelsOf = (entry: Loose): string[] =>
  [...listOf(entry['models']), ...modelFields.map((field) => entry[field])].flatMap((model) => {
    const name = textOf(model) ?? (isRecord(model) ? first(model, ['id', 'name']) : undefined);
    return name === undefined ? [] : [name];
  });

function provider(entry: Loose, name: string, line: number, book: DraftBook): ProviderDraft | undefined {
  const address = first(entry, addressFields);
  const base = address === undefined ? null : baseOf(address);
  if (base === null) {
    book.leaveOut(line, `endpoint ${name}`, 'it has no http address');
    return undefined;
  }
  const messages = textOf(entry['backend_type']) === 'anthropic';
  const type = messages ? 'anthropic' : typeOfAddress(base);
  const draft = book.provider({ name, type, base, key: shellKey(entry['api_key']) }, line);
  if (draft) for (const model of modelsOf(entry)) book.addModel(draft, model);
  return draft;
}

/** The Codex launcher's endpoints.json: `default`, `endpoints` by name, and the model of its monitoring. */
export function importLauncherEndpoints({ value, lineOf }: SourceFile, book: DraftBook): void {
  const wanted = textOf(value['default']);
  for (const [i, entry] of listOf(value['endpoints']).entries()) {
    const at = ['endpoints', i];
    const name = isRecord(entry) ? textOf(entry['name']) : undefined;
    if (!isRecord(entry) || name === undefined) {
      book.leaveOut(lineOf(at), `endpoint ${i + 1}`, 'it has no name');
      continue;
    }
    const draft = provider(entry, name, lineOf([...at, 'name']), book);
    if (draft && name === wanted) book.defaultProvider(draft, lineOf(['default']));
    for (const field of Object.keys(entry))
      if (!read.has(field))
        book.leaveOut(lineOf([...at, field]), `${name}: ${field}`, 'it has no counterpart here');
  }
  const monitoring = value['ai_monitoring'];
  if (isRecord(monitoring)) {
    if (first(monitoring, addressFields) !== undefined)
      provider(monitoring, 'ai-monitoring', lineOf(['ai_monitoring']), book);
    for (const field of Object.keys(monitoring))
      if (!read.has(field))
        book.leaveOut(
          lineOf(['ai_monitoring', field]),
          `ai_monitoring.${field}`,
          'the watchdog has settings of its own',
        );
  }
  for (const field of Object.keys(value))
    if (!['default', 'endpoints', 'ai_monitoring'].includes(field))
      book.leaveOut(lineOf([field]), field, 'it has no counterpart here');
}
