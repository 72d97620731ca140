const units: Record<string, string> = { s: 's', ms: 'ms', mb: 'MB', h: 'h', percent: '%' };
const words: Record<string, string> = {
  url: 'URL',
  json: 'JSON',
  cwd: 'Folder',
  env: 'Environment',
  ca: 'CA',
};

/** The name of a setting as a form says it: `interval_s` → `Interval (s)`, `webhook_url` → `Webhook URL`. */
export function labelOf(key: string): string {
  const parts = key.split('_');
  const unit = parts.length > 1 ? units[parts.at(-1) ?? ''] : undefined;
  const text = (unit === undefined ? parts : parts.slice(0, -1)).map((part) => words[part] ?? part).join(' ');
  const label = text.charAt(0).toUpperCase() + text.slice(1);
  return unit === undefined ? label : `${label} (${unit})`;
}
