import { CliError, exitCode } from '../exit-codes.ts';
import { parseYaml } from '../launcher/yaml.ts';
import { importClaudeCodeRouter } from './claude-code-router.ts';
import { DraftBook, type Existing } from './draft-book.ts';
import { importGatus } from './gatus.ts';
import { importHealthConfig } from './health-config.ts';
import { importLauncherEndpoints } from './launcher-endpoints.ts';
import { importLitellm } from './litellm.ts';
import { isRecord, listOf, type Loose, type Proposal, type SourceFile } from './proposal.ts';
import { importUptimeKuma } from './uptime-kuma.ts';
import { importWizard } from './wizard.ts';

const some = (list: unknown, field: string): boolean =>
  listOf(list).some((entry) => isRecord(entry) && Object.hasOwn(entry, field));
const hasKey =
  (...keys: string[]) =>
  (value: Loose): boolean =>
    keys.some((key) => Object.hasOwn(value, key));

/** The first that fits is meant: Gatus and the Codex launcher both have `endpoints`. */
const sources: readonly {
  name: string;
  fits(value: Loose): boolean;
  read(file: SourceFile, book: DraftBook): void;
}[] = [
  { name: 'LiteLLM', fits: hasKey('model_list'), read: importLitellm },
  { name: 'claude-code-router', fits: hasKey('Providers', 'Router'), read: importClaudeCodeRouter },
  { name: 'Uptime Kuma', fits: hasKey('monitorList'), read: importUptimeKuma },
  {
    name: 'Gatus',
    fits: (value) => some(value['endpoints'], 'conditions') || hasKey('external-endpoints')(value),
    read: importGatus,
  },
  {
    name: 'wizard.json',
    fits: hasKey('ai_budget_daily', 'plugin_repo_enabled', 'web_proxy_enabled', 'github_allowed_repo'),
    read: importWizard,
  },
  { name: 'Codex launcher', fits: hasKey('endpoints', 'ai_monitoring'), read: importLauncherEndpoints },
  {
    name: 'health_config.json',
    fits: (value) => some(value['services'], 'health_endpoint') || hasKey('thresholds')(value),
    read: importHealthConfig,
  },
];

/** What a file of another program would bring. Throws a CliError with the line for what cannot be read. */
export function proposalOf(text: string, path: string, existing: Existing): Proposal {
  const reading = parseYaml(text);
  if (!reading.ok) throw new CliError(`${path}:${reading.line}: ${reading.message}`, exitCode.usage);
  const { value, lineOf } = reading;
  const source = isRecord(value) && sources.find(({ fits }) => fits(value));
  if (!isRecord(value) || !source) {
    throw new CliError(
      `${path}: this is no LiteLLM config.yaml (model_list), claude-code-router config.json (Providers), endpoints.json (endpoints), ` +
        `health_config.json (services), wizard.json, Uptime Kuma backup (monitorList) or Gatus config.yaml (endpoints with conditions).`,
      exitCode.usage,
    );
  }
  const book = new DraftBook(source.name, existing);
  source.read({ value, lineOf }, book);
  book.proposal.left_out.sort((a, b) => a.line - b.line);
  return book.proposal;
}
