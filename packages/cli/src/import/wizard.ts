import type { DraftBook } from './draft-book.ts';
import { textOf, type SourceFile } from './proposal.ts';

type Read = (value: unknown) => unknown;

const whole: Read = (value) => (Number.isInteger(value) && Number(value) > 0 ? value : undefined);
const port: Read = (value) => (whole(value) !== undefined && Number(value) <= 65_535 ? value : undefined);
const money: Read = (value) => (typeof value === 'number' && value >= 0 ? value : undefined);
const flag: Read = (value) => (typeof value === 'boolean' ? value : undefined);
const spanOf: Read = (value) => {
  const given = typeof value === 'number' ? { daily: value } : value;
  if (typeof given !== 'object' || given === null) return undefined;
  const { daily, monthly, ...rest } = given as Record<string, unknown>;
  const spans = Object.fromEntries(
    Object.entries({ daily, monthly }).filter(([, limit]) => limit !== undefined && limit !== null),
  );
  const valid = Object.values(spans).every((limit) => typeof limit === 'number' && limit >= 0);
  return valid && Object.keys(spans).length > 0 && Object.keys(rest).length === 0 ? spans : undefined;
};
const wholeSpan: Read = (value) => {
  const spans = spanOf(value) as Record<string, number> | undefined;
  return spans && Object.values(spans).every(Number.isInteger) ? spans : undefined;
};

/** Quotas of each device, by their names in the earlier file. */
const quotas: Readonly<Record<string, Read>> = {
  email_quota: wholeSpan,
  web_requests: wholeSpan,
  bandwidth_mb: spanOf,
  storage_mb: money,
};
const modelQuotas: Readonly<Record<string, string>> = {
  ai_requests: 'requests_per_day',
  ai_tokens: 'tokens_per_day',
};
const repository: Read = (value) =>
  /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/.test(textOf(value) ?? '')
    ? textOf(value)
    : undefined;
const branch: Read = (value) =>
  /^[\w][\w./-]{0,200}$/.test(textOf(value) ?? '') ? `refs/heads/${textOf(value) ?? ''}` : undefined;

/** Fields with a setting of the same meaning here. */
const settings: Readonly<Record<string, { path: string[]; read: Read }>> = {
  port: { path: ['server', 'port'], read: port },
  debug: { path: ['server', 'debug'], read: flag },
  requests_per_minute: { path: ['limits', 'standard', 'per_minute'], read: whole },
  requests_per_hour: { path: ['limits', 'standard', 'per_hour'], read: whole },
  ai_budget_daily: { path: ['budgets', 'daily_usd'], read: money },
  ai_budget_monthly: { path: ['budgets', 'monthly_usd'], read: money },
  plugin_repo_enabled: { path: ['plugins', 'enabled'], read: flag },
  plugin_auto_update: { path: ['plugins', 'plugin_auto_update'], read: flag },
  web_proxy_enabled: { path: ['web', 'enabled'], read: flag },
  ai_gateway_enabled: { path: ['gateway', 'enabled'], read: flag },
  ok_gateway_enabled: { path: ['gateway', 'enabled'], read: flag },
  github_allowed_repo: {
    path: ['github', 'repositories'],
    read: (value) => {
      const name = repository(value);
      return name === undefined ? undefined : [name];
    },
  },
  github_default_branch: { path: ['github', 'sync', 'ref'], read: branch },
  github_push_enabled: { path: ['github', 'sync', 'push_enabled'], read: flag },
};

const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

/** Fields that need more than a value to be carried over, and why nothing is written for them. */
function special(field: string, value: unknown, book: DraftBook, line: number): boolean {
  if (field === 'host') {
    const host = textOf(value);
    if (host !== undefined && loopback.has(host))
      book.setting(['server', 'host'], host === 'localhost' ? '127.0.0.1' : host);
    else
      book.leaveOut(
        line,
        'host',
        'the earlier server listened on loopback all the same unless WIZARD_LOCAL_ONLY was off; set server.host yourself to open it to the network',
      );
    return true;
  }
  if (field === 'github_webhook_secret') {
    const secret = textOf(value);
    if (secret !== undefined)
      book.setting(['github', 'webhook', 'secret'], book.hide(secret, 'github-webhook'));
    return true;
  }
  if (field === 'gmail_relay_enabled') {
    if (value === true)
      book.leaveOut(line, field, 'the mail relay needs an account first; see the guide on mail');
    return true;
  }
  if (field === 'admin_api_key' || /(?:_key|_token|_secret|password)$/.test(field)) {
    book.leaveOut(line, field, 'keys of devices are not carried over: pair each device anew');
    return true;
  }
  return false;
}

/** Limits for every device: a number is for a day, or `{daily, monthly}`. Those of models are limits of the gateway. */
function importQuotas(given: unknown, { lineOf }: SourceFile, book: DraftBook): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return book.leaveOut(lineOf(['quotas']), 'quotas', 'its value is not valid');
  const models: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    const line = lineOf(['quotas', name]);
    const unit = Object.hasOwn(modelQuotas, name) ? modelQuotas[name] : undefined;
    const read = Object.hasOwn(quotas, name) ? quotas[name] : undefined;
    if (unit !== undefined) {
      const spans = wholeSpan(value) as { daily?: number; monthly?: number } | undefined;
      if (spans?.daily && spans.monthly === undefined) models[unit] = spans.daily;
      else
        book.leaveOut(line, name, 'the gateway limits turns and tokens by the day: a whole number is needed');
    } else if (!read) book.leaveOut(line, name, 'it has no counterpart here');
    else {
      const found = read(value);
      if (found === undefined) book.leaveOut(line, name, 'its value is not valid');
      else book.setting(['quotas', 'devices', '*', name], found);
    }
  }
  if (Object.keys(models).length > 0) book.setting(['gateway', 'limits'], [{ device: '*', ...models }]);
}

/** The earlier server's wizard.json: what has a setting here is taken over, everything else is named. */
export function importWizard(file: SourceFile, book: DraftBook): void {
  const { value, lineOf } = file;
  for (const [field, given] of Object.entries(value)) {
    const line = lineOf([field]);
    // Null was how the earlier file said that something is not set.
    if (given === null) continue;
    if (field === 'quotas') {
      importQuotas(given, file, book);
      continue;
    }
    if (special(field, given, book, line)) continue;
    const setting = Object.hasOwn(settings, field) ? settings[field] : undefined;
    const read = setting?.read(given);
    if (!setting) book.leaveOut(line, field, 'it has no counterpart here');
    else if (read === undefined) book.leaveOut(line, field, 'its value is not valid');
    else book.setting(setting.path, read);
  }
}
