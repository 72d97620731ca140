import { CliError, exitCode } from '../exit-codes.ts';
import { parseYaml } from '../launcher/yaml.ts';
import { importClaudeCodeRouter } from './claude-code-router.ts';
import { DraftBook, type Existing } from './draft-book.ts';
import { importLauncherEndpoints } from './launcher-endpoints.ts';
import { importLitellm } from './litellm.ts';
import { isRecord, type Proposal, type SourceFile } from './proposal.ts';

const sources: readonly {
  name: string;
  has: readonly string[];
  read(file: SourceFile, book: DraftBook): void;
}[] = [
  { name: 'LiteLLM', has: ['model_list'], read: importLitellm },
  { name: 'claude-code-router', has: ['Providers', 'Router'], read: importClaudeCodeRouter },
  { name: 'Codex launcher', has: ['endpoints', 'ai_monitoring'], read: importLauncherEndpoints },
];

/** What a file of another program would bring. Throws a CliError with the line for what cannot be read. */
export function proposalOf(text: string, path: string, existing: Existing): Proposal {
  const reading = parseYaml(text);
  if (!reading.ok) throw new CliError(`${path}:${reading.line}: ${reading.message}`, exitCode.usage);
  const { value, lineOf } = reading;
  const source = isRecord(value) && sources.find(({ has }) => has.some((key) => Object.hasOwn(value, key)));
  if (!isRecord(value) || !source) {
    throw new CliError(
      `${path}: this is no LiteLLM config.yaml (model_list), claude-code-router config.json (Providers) or endpoints.json (endpoints).`,
      exitCode.usage,
    );
  }
  const book = new DraftBook(source.name, existing);
  source.read({ value, lineOf }, book);
  book.proposal.left_out.sort((a, b) => a.line - b.line);
  return book.proposal;
}
