/** A host of a manifest: `api.example.com`, `*.example.com`, `*`, each perhaps with `:port`. */
function fits(rule: string, host: string, port: string): boolean {
  const colon = rule.lastIndexOf(':');
  const [name, wanted] = colon === -1 ? [rule, null] : [rule.slice(0, colon), rule.slice(colon + 1)];
  if (wanted !== null && wanted !== port) return false;
  if (name === '*') return true;
  return name.startsWith('*.')
    ? host.endsWith(name.slice(1)) && host.length > name.length - 1
    : name === host;
}

/** Whether an address lies within what a plugin may reach. What is no http(s) address never does. */
export function mayReach(address: string, rules: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const host = url.hostname
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return rules.some((rule) => fits(rule, host, port));
}
