import { byText } from '../../kernel/text-order.ts';
import type { ConfigProblem } from './problem.ts';
import { didYouMean } from './suggest.ts';
import { knownKeys } from './schema-keys.ts';

/** What the command line may set. */
export interface ConfigFlags {
  host?: string | undefined;
  port?: number | undefined;
  debug?: boolean | undefined;
}

/** One value that stands above the file. */
export interface Override {
  path: (string | number)[];
  value: unknown;
  /** `VIGILES_SERVER__PORT` or `--port`. */
  source: string;
}

const prefix = 'VIGILES_';

/** Numbers, true/false, lists and objects are read as such, everything else is text. */
function readValue(text: string): unknown {
  if (!/^(?:true|false|null|-?\d+(?:\.\d+)?|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `VIGILES_GATEWAY__PROVIDERS__0__ENABLED=false` → `gateway.providers.0.enabled`. */
export function readEnvironment(env: Record<string, string | undefined>): Override[] {
  const found: Override[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || !name.includes('__') || text === undefined) continue;
    const path = name
      .slice(prefix.length)
      .toLowerCase()
      .split('__')
      .map((part) => (/^\d{1,4}$/.test(part) ? Number(part) : part));
    found.push({ path, value: readValue(text), source: name });
  }
  return found.sort((a, b) => byText(a.source, b.source));
}

export function readFlags(flags: ConfigFlags): Override[] {
  const all: Override[] = [
    { path: ['server', 'host'], value: flags.host, source: '--host' },
    { path: ['server', 'port'], value: flags.port, source: '--port' },
    { path: ['server', 'debug'], value: flags.debug, source: '--debug' },
  ];
  return all.filter((override) => override.value !== undefined);
}

/** Lays overrides over plain data, later ones on top. Places that do not exist become problems. */
export function applyOverrides(
  base: unknown,
  overrides: readonly Override[],
): { value: unknown; problems: ConfigProblem[] } {
  const value: unknown = structuredClone(base);
  const problems: ConfigProblem[] = [];
  for (const { path, value: wanted, source } of overrides) {
    const known = knownKeys(path.slice(0, -1));
    const last = path.at(-1);
    if (typeof last === 'string' && known.length > 0 && !known.includes(last)) {
      problems.push({
        path: path.join('.'),
        line: 0,
        column: 0,
        message: `${source} sets an unknown key${didYouMean(last, known)}`,
      });
      continue;
    }
    let target = value as Record<string | number, unknown>;
    let reachable = typeof target === 'object' && target !== null;
    for (const key of path.slice(0, -1)) {
      if (!reachable) break;
      if (typeof key === 'number' && !Object.hasOwn(target, key)) reachable = false;
      else {
        if (!Object.hasOwn(target, key) || target[key] === null) target[key] = {};
        const next = target[key];
        reachable = typeof next === 'object' && next !== null;
        target = next as Record<string | number, unknown>;
      }
    }
    if (!reachable || last === undefined || last === '__proto__') {
      problems.push({
        path: path.join('.'),
        line: 0,
        column: 0,
        message: `${source} points to nothing in the file`,
      });
    } else target[last] = wanted;
  }
  return { value, problems };
}
