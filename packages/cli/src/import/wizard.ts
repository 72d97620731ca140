import type { DraftBook } from './draft-book.ts';
import { textOf, type SourceFile } from './proposal.ts';

type Read = (value: unknown) => unknown;

const whole: Read = (value) => (Number.isInteger(value) && Number(value) > 0 ? value : undefined);
const port: Read = (value) => (whole(value) !== undefined && Number(value) <= 65_535 ? value : undefined);
const money: Read = (value) => (typeof value === 'number' && value >= 0 ? value : undefined);
const flag: Read = (value) => (typeof value === 'boolean' ? value : undefined);
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

/** The earlier server's wizard.json: what has a setting here is taken over, everything else is named. */
export function importWizard({ value, lineOf }: SourceFile, book: DraftBook): void {
  for (const [field, given] of Object.entries(value)) {
    const line = lineOf([field]);
    // Null was how the earlier file said that something is not set.
    if (given === null) continue;
    if (special(field, given, book, line)) continue;
    const setting = Object.hasOwn(settings, field) ? settings[field] : undefined;
    const read = setting?.read(given);
    if (!setting) book.leaveOut(line, field, 'it has no counterpart here');
    else if (read === undefined) book.leaveOut(line, field, 'its value is not valid');
    else book.setting(setting.path, read);
  }
}
