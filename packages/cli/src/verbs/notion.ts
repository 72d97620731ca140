import type { NotionConflict, NotionState, NotionSync } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { note, say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const base = '/api/v1/integrations/notion';
const api = ({ home }: Options) => connect(homeOf(home));
const line = (words: readonly string[]): string => words.filter(Boolean).map(clean).join('  ');

/** `vigiles notion` */
export async function notionStatusVerb(options: Options): Promise<void> {
  const state = await api(options).get<NotionState>(base);
  if (options.json) return sayJson(state);
  if (state.problem !== null) note(state.problem);
  if (!state.enabled) note('Notion is switched off: notion.enabled in vigiles.yaml.');
  for (const { state: how, file, page, note: why } of state.pages)
    say(line([how.padEnd(8), file, page, why]));
  if (state.conflicts > 0) note(`Conflicts: ${state.conflicts}. See vigiles notion conflicts.`);
  return undefined;
}

/** `vigiles notion sync [page]`; ends with 4 when something is not in step. */
export async function notionSyncVerb(page: string | undefined, options: Options): Promise<void> {
  const done = await api(options).send<NotionSync>(
    'POST',
    `${base}/sync`,
    page === undefined ? {} : { page },
  );
  if (options.json) sayJson(done);
  else for (const { outcome, file, note: why } of done.pages) say(line([outcome.padEnd(8), file, why]));
  if (done.pages.some(({ outcome }) => outcome === 'conflict' || outcome === 'failed'))
    throw new CliError('', exitCode.unhealthy);
}

/** `vigiles notion conflicts` */
export async function notionConflictsVerb(options: Options): Promise<void> {
  const answer = await api(options).get<{ conflicts: NotionConflict[] }>(`${base}/conflicts`);
  if (options.json) return sayJson(answer);
  if (answer.conflicts.length === 0) return note('There is no conflict.');
  for (const { id, file, local, remote } of answer.conflicts) {
    say(line([id, file]));
    say(`--- ${clean(file)}, here`);
    for (const words of local.split('\n')) say(`  ${clean(words)}`);
    say('--- in Notion');
    for (const words of remote.split('\n')) say(`  ${clean(words)}`);
  }
  return undefined;
}

/** `vigiles notion resolve <id> --keep <which>` */
export async function notionResolveVerb(id: string, options: Options & { keep: string }): Promise<void> {
  const done = await api(options).send<NotionSync['pages'][number]>(
    'POST',
    `${base}/conflicts/${encodeURIComponent(id)}/resolve`,
    { keep: options.keep },
  );
  if (options.json) sayJson(done);
  else say(line([done.outcome, done.file, done.note]));
}

/** `vigiles notion webhook [--reveal]` */
export async function notionWebhookVerb(options: Options & { reveal?: boolean }): Promise<void> {
  if (options.reveal) {
    const shown = await api(options).send<{ verification_token: string }>('POST', `${base}/webhook/reveal`);
    return options.json ? sayJson(shown) : say(shown.verification_token);
  }
  const opened = await api(options).send<{ open_until: number }>('POST', `${base}/webhook/open`);
  if (options.json) return sayJson(opened);
  return say(
    'For 15 minutes the token of a new subscription is taken; then: vigiles notion webhook --reveal',
  );
}
