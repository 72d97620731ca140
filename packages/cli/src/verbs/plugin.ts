import type {
  InstalledPlugin,
  PluginDetail,
  PluginList,
  PluginOutcome,
  PluginPlan,
  PluginRegistryStatus,
} from '@vigiles/contract';
import { connect, type Api } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { say, sayJson } from '../output/print.ts';
import {
  detailView,
  foundView,
  installedView,
  outcomeLine,
  planView,
  registriesView,
} from '../views/plugin.ts';

export interface PluginOptions {
  home?: string;
  json?: boolean;
}

export interface TakeOptions extends PluginOptions {
  accept?: string;
  source?: string;
  disabled?: boolean;
}

const base = '/api/v1/plugin';
const waitMs = 310_000;
const api = ({ home }: PluginOptions): Api => connect(homeOf(home));
const at = (id: string): string => `${base}/${encodeURIComponent(id)}`;
const queryOf = (fields: Record<string, string | undefined>): string =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    ),
  ).toString();

/** `vigiles plugin list` */
export async function pluginListVerb(options: PluginOptions): Promise<void> {
  const answer = await api(options).get<{ plugins: InstalledPlugin[] }>(`${base}/installed`);
  if (options.json) sayJson(answer);
  else say(installedView(answer.plugins));
}

/** `vigiles plugin search [words]` */
export async function pluginSearchVerb(
  words: readonly string[],
  options: PluginOptions & { source?: string; limit: number },
): Promise<void> {
  const search = words.length === 0 ? undefined : words.join(' ');
  const query = queryOf({ search, source: options.source, limit: String(options.limit) });
  const list = await api(options).get<PluginList>(`${base}/list?${query}`);
  if (options.json) sayJson(list);
  else say(foundView(list));
}

/** `vigiles plugin show <plugin>` */
export async function pluginShowVerb(id: string, options: PluginOptions): Promise<void> {
  const detail = await api(options).get<PluginDetail>(at(id));
  if (options.json) sayJson(detail);
  else say(detailView(detail));
}

/** `id`, or `id@version`. */
function wantedOf(text: string): { id: string; version: string | undefined } {
  const [id = '', version] = text.split('@', 2);
  return { id, version };
}

/** The plan's consent where it was agreed to; ends with 5, the permissions shown, where it was not. */
function agreed(plan: PluginPlan, id: string, { accept }: TakeOptions, verb: string): string {
  if (!plan.needs_consent || (accept !== undefined && accept.length >= 8 && plan.consent.startsWith(accept)))
    return plan.consent;
  say(planView(plan));
  const again =
    accept === undefined ? 'Agree to them with' : 'These are not the ones that were agreed to. Agree with';
  throw new CliError(
    `${again}: vigiles plugin ${verb} ${clean(id)} --accept ${plan.consent.slice(0, 12)}`,
    exitCode.refused,
  );
}

/** `vigiles plugin install <plugin>` */
export async function pluginInstallVerb(text: string, options: TakeOptions): Promise<void> {
  const { source, disabled } = options;
  const { id, version } = wantedOf(text);
  const client = api(options);
  const plan = await client.get<PluginPlan>(`${at(id)}/plan?${queryOf({ version, source })}`);
  const consent = agreed(plan, text, options, 'install');
  const body = { ...(version && { version }), ...(source && { source }), consent, enable: disabled !== true };
  const done = await client.send<PluginOutcome>('POST', `${at(id)}/install`, body, waitMs);
  if (options.json) sayJson(done);
  else say(outcomeLine(done));
}

async function update(client: Api, text: string, options: TakeOptions): Promise<PluginOutcome> {
  const { id, version } = wantedOf(text);
  const plan = await client.get<PluginPlan>(`${at(id)}/plan?${queryOf({ version, newer: 'true' })}`);
  const consent = plan.steps.length === 0 ? undefined : agreed(plan, text, options, 'update');
  const body = { ...(version && { version }), ...(consent && { consent }) };
  return client.send<PluginOutcome>('POST', `${at(id)}/update`, body, waitMs);
}

/** `vigiles plugin update [plugin]`; without one, all that need nobody’s word. Ends with 5 when some do. */
export async function pluginUpdateVerb(id: string | undefined, options: TakeOptions): Promise<void> {
  const client = api(options);
  const { plugins } = await client.get<{ plugins: InstalledPlugin[] }>(`${base}/installed`);
  const ids = id === undefined ? plugins.flatMap((one) => (one.update ? [one.id] : [])) : [id];
  const done: PluginOutcome[] = [];
  const refused: CliError[] = [];
  for (const each of ids) {
    try {
      const outcome = await update(client, each, id === undefined ? { ...options, accept: '' } : options);
      done.push(outcome);
      if (!options.json) say(outcomeLine(outcome));
    } catch (thrown) {
      if (id !== undefined || !(thrown instanceof CliError)) throw thrown;
      refused.push(thrown);
    }
  }
  if (options.json) sayJson({ updated: done });
  else if (ids.length === 0) say('Everything is up to date.');
  if (refused.length > 0)
    throw new CliError(refused.map(({ message }) => message).join('\n'), exitCode.refused);
}

/** `vigiles plugin uninstall|enable|disable|rollback <plugin>` */
export async function pluginChangeVerb(
  verb: 'uninstall' | 'enable' | 'disable' | 'rollback',
  id: string,
  options: PluginOptions & { purge?: boolean },
): Promise<void> {
  const body = options.purge ? { purge: true } : undefined;
  const done = await api(options).send<PluginOutcome>('POST', `${at(id)}/${verb}`, body, waitMs);
  if (options.json) sayJson(done);
  else say(outcomeLine(done));
}

/** `vigiles plugin registries` */
export async function pluginRegistriesVerb(options: PluginOptions & { refresh?: boolean }): Promise<void> {
  const client = api(options);
  const read = () => client.get<{ registries: PluginRegistryStatus[] }>(`${base}/registries`);
  let answer = await read();
  if (options.refresh) {
    for (const { name } of answer.registries)
      // What went wrong is in its line.
      await client
        .send('POST', `${base}/registries/${encodeURIComponent(name)}/refresh`, undefined, waitMs)
        .catch(() => undefined);
    answer = await read();
  }
  if (options.json) sayJson(answer);
  else say(registriesView(answer.registries));
  if (answer.registries.some(({ problem }) => problem !== null)) throw new CliError('', exitCode.unhealthy);
}

/** `vigiles plugin key` */
export async function pluginKeyVerb(options: PluginOptions): Promise<void> {
  const answer = await api(options).get<{ key: string | null }>(`${base}/key`);
  if (options.json) sayJson(answer);
  else say(answer.key ?? 'There is none yet: it is made with the first publication.');
}
