import type { PortEnv, PortService } from '@vigiles/contract';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The variable of a name: `web-api` is `WEB_API_PORT`. */
export function variableOf(name: string): string {
  const word = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return `${/^\d/.test(word) ? '_' : ''}${word}_PORT`;
}

/** Variables of every named port and a POSIX script that exports them. Of two names with one variable the first has it. */
export function envOf(services: readonly Pick<PortService, 'name' | 'port'>[]): PortEnv {
  const variables: Record<string, string> = {};
  for (const { name, port } of services) if (port !== null) variables[variableOf(name)] ??= String(port);
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return { script: lines.join(''), variables };
}
