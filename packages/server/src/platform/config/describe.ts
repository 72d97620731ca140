import type { CheckConfig, ProviderConfig, VigilesConfig } from '@vigiles/contract';
import { isSecretName, redactedMark } from '../secrets/redactor.ts';
import { referencesIn } from './references.ts';

/** A name under which people keep secrets in headers and environments. */
const secretLike = (name: string) =>
  isSecretName(name) || /key|token|secret|passw|credential|authorization|cookie/i.test(name);

const onlyReference = /^(?:(?:Bearer|Basic|Token) )?\$\{(?:env|secret):[^}]+\}$/;

/** A reference is shown, also behind an authentication scheme; anything else in a secret place is not. */
const shown = (text: string): string => (onlyReference.test(text) ? text : redactedMark);

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    if (!parsed.password || /^(?:\$|%24)(?:\{|%7B)/i.test(parsed.password)) return url;
    parsed.password = '***';
    return parsed.toString();
  } catch {
    return url;
  }
}

const cleanRecord = (record: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, secretLike(name) ? shown(value) : value]),
  );

/** The places of a provider's secrets beside its key and headers. The path of Google's key file is none. */
function cloudSecrets(provider: ProviderConfig): { holder: Record<string, string>; name: string }[] {
  const { google, aws, oauth } = provider;
  const places = [
    [aws, ['secret_access_key', 'session_token']],
    [oauth, ['client_secret', 'refresh_token']],
    [google?.trimStart().startsWith('{') ? provider : undefined, ['google']],
  ] as [Record<string, string> | undefined, string[]][];
  return places.flatMap(([holder, names]) => (holder ? names.map((name) => ({ holder, name })) : []));
}

/** Of an address that is a secret, where it leads; of any other secret nothing. */
function shownAddress(text: string): string {
  const origin = /^https?:/i.test(text) && URL.canParse(text) ? new URL(text).origin : null;
  return origin === null ? shown(text) : `${origin}/${redactedMark}`;
}

const channelSecrets = new Set([
  'webhook_url',
  'url',
  'urls',
  'headers',
  'config_key',
  'user_key',
  'routing_key',
]);

/** Whether a channel’s field of this name holds a secret; some services put it into the address. */
const isChannelSecret = (name: string): boolean => channelSecrets.has(name) || secretLike(name);

/**
 * A copy of a channel with each text as `clean` makes it; texts in lists and records go by the name of the field, those in the
 * options of a plugin by their own.
 */
function withoutSecrets<T>(value: T, clean: (text: string, name: string) => string, name = ''): T {
  if (typeof value === 'string') return clean(value, name) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => withoutSecrets(each, clean, name)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const nameOf = (key: string) => (name === '' || name === 'options' ? key : name);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutSecrets(each, clean, nameOf(key))]),
  ) as T;
}

/** What the options of a plugin hold, with each secret as `clean` makes it. */
const pluginOptions = (options: Record<string, unknown>, clean: (text: string) => string) =>
  withoutSecrets(options, (text, name) => (secretLike(name) ? clean(text) : text));

/** A check without what is secret in it: passwords in addresses, headers, tokens, keys. */
function cleanCheck(check: CheckConfig): CheckConfig {
  if (check.type === 'http')
    return { ...check, url: withoutPassword(check.url), headers: cleanRecord(check.headers) };
  if (check.type === 'sql') return { ...check, url: withoutPassword(check.url) };
  if (check.type === 'heartbeat' && check.token !== undefined) return { ...check, token: shown(check.token) };
  if (check.type === 'agent' && check.api_key !== undefined)
    return { ...check, api_key: shown(check.api_key) };
  if (check.type === 'plugin') return { ...check, options: pluginOptions(check.options, shown) };
  return check;
}

/** The literal secrets of a check. */
function checkSecrets(check: CheckConfig): string[] {
  switch (check.type) {
    case 'http':
      return [
        passwordIn(check.url),
        ...Object.entries(check.headers).flatMap(([name, value]) =>
          secretLike(name) ? [value.replace(/^(?:Bearer|Basic) /, '')] : [],
        ),
      ];
    case 'sql':
      return [passwordIn(check.url)];
    case 'heartbeat':
      return [check.token ?? ''];
    case 'agent':
      return [check.api_key ?? ''];
    case 'plugin': {
      const found: string[] = [];
      pluginOptions(check.options, (text) => {
        found.push(text);
        return text;
      });
      return found;
    }
    default:
      return [];
  }
}

const passwordIn = (url: string): string => (URL.canParse(url) ? new URL(url).password : '');

/** Slices that are read place by place below; in all others a secret is known by the name of its field. */
const readByPlace = new Set(['gateway', 'watchdog', 'notifications', 'deadman', 'store']);

/** Every text of the other slices whose field's name says that it is a secret, with what holds it. */
function* namedSecrets(
  config: VigilesConfig,
): Generator<{ holder: Record<string, unknown>; name: string; text: string }> {
  const holders: unknown[] = Object.entries(config).flatMap(([slice, value]) =>
    readByPlace.has(slice) ? [] : [value],
  );
  for (let holder = holders.pop(); holder !== undefined; holder = holders.pop()) {
    for (const [name, value] of Object.entries(holder as Record<string, unknown>)) {
      if (typeof value === 'object' && value !== null) holders.push(value);
      else if (typeof value === 'string' && isSecretName(name))
        yield { holder: holder as Record<string, unknown>, name, text: value };
    }
  }
}

/** The configuration as it may be shown: secrets as references only, literal ones blotted out. */
export function describeConfig(config: VigilesConfig): VigilesConfig {
  const copy = structuredClone(config);
  for (const provider of copy.gateway.providers) {
    if (provider.api_key !== undefined) provider.api_key = shown(provider.api_key);
    if (provider.base_url !== undefined) provider.base_url = withoutPassword(provider.base_url);
    provider.headers = cleanRecord(provider.headers);
    for (const { holder, name } of cloudSecrets(provider)) {
      const value = holder[name];
      if (value !== undefined) holder[name] = shown(value);
    }
  }
  for (const service of copy.watchdog.services) {
    service.env = cleanRecord(service.env);
    service.checks = service.checks.map(cleanCheck);
  }
  for (const script of copy.watchdog.scripts) script.env = cleanRecord(script.env);
  copy.notifications.channels = copy.notifications.channels.map((channel) =>
    withoutSecrets(channel, (text, name) => (isChannelSecret(name) ? shownAddress(text) : text)),
  );
  const { deadman } = copy;
  if (deadman.url !== undefined) deadman.url = shownAddress(deadman.url);
  if (deadman.fail_url !== undefined) deadman.fail_url = shownAddress(deadman.fail_url);
  if (copy.store.url !== undefined) copy.store.url = withoutPassword(copy.store.url);
  for (const { holder, name, text } of namedSecrets(copy)) holder[name] = shown(text);
  return copy;
}

/** Every literal secret in it: for the redactor. */
export function literalSecrets(config: VigilesConfig): string[] {
  const found: string[] = [];
  const add = (text: string | undefined) => {
    if (text !== undefined && referencesIn(text).length === 0) found.push(text);
  };
  const fromRecord = (record: Record<string, string>) => {
    for (const [name, value] of Object.entries(record))
      if (secretLike(name)) add(value.replace(/^(?:Bearer|Basic) /, ''));
  };
  for (const provider of config.gateway.providers) {
    add(provider.api_key);
    fromRecord(provider.headers);
    for (const { holder, name } of cloudSecrets(provider)) add(holder[name]);
  }
  for (const service of config.watchdog.services) {
    fromRecord(service.env);
    for (const secret of service.checks.flatMap(checkSecrets)) add(secret);
  }
  for (const script of config.watchdog.scripts) fromRecord(script.env);
  for (const channel of config.notifications.channels) {
    withoutSecrets(channel, (text, name) => {
      if (isChannelSecret(name)) add(text);
      return text;
    });
  }
  add(config.deadman.url);
  add(config.deadman.fail_url);
  for (const { text } of namedSecrets(config)) add(text);
  try {
    add(new URL(config.store.url ?? '').password);
  } catch {
    // No URL, no password.
  }
  return found.filter((value) => value !== '');
}
