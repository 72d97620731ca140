import { SettingsError, type AgentConnection, type Places, type SettingsFile } from './agent.ts';

/** One `key: value` or `KEY=value` on a line of its own. */
export interface LineEntry {
  key: string;
  value: string | undefined;
  ifAbsent?: boolean;
}

interface LineSettings {
  path(places: Places): string;
  format: 'yaml' | 'env';
  entries(connection: AgentConnection): LineEntry[];
  tokenKey: string;
  addressKey: string;
}

interface Found {
  line: number;
  value: string;
}

const patternOf = (format: 'yaml' | 'env', key: string): RegExp =>
  format === 'yaml'
    ? new RegExp(`^${key}[ \\t]*:(?=\\s|$)(.*)$`)
    : new RegExp(`^(?:export[ \\t]+)?${key}=(.*)$`);

const plain = (text: string): string => {
  const trimmed = text.trim();
  const quoted = /^"(.*)"$|^'(.*)'$/.exec(trimmed);
  return quoted ? (quoted[1] ?? quoted[2] ?? '') : trimmed.replace(/\s+#.*$/, '');
};

/** Lines keep their ends, so that joining them gives the text back. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function findLine(lines: readonly string[], format: 'yaml' | 'env', key: string): Found | null {
  const pattern = patternOf(format, key);
  const hits = lines.flatMap((line, i) => {
    const hit = pattern.exec(line.replace(/\r?\n$/, ''));
    return hit ? [{ line: i, value: plain(hit[1] ?? '') }] : [];
  });
  const [first, second] = hits;
  if (second) throw new SettingsError(`${key} stands here twice`, second.line + 1);
  if (!first) return null;
  const more = format === 'yaml' && /^[ \t]+[^\s#]/.test(lines[first.line + 1] ?? '');
  if (more || /^[|>&*[{!]/.test(first.value)) {
    throw new SettingsError(`${key} is not a plain value on one line`, first.line + 1);
  }
  return first;
}

/** A settings file of simple lines in which some are ours. */
export function lineSettings({ path, format, entries, tokenKey, addressKey }: LineSettings): SettingsFile {
  const write = (key: string, value: string) =>
    format === 'yaml' ? `${key}: ${JSON.stringify(value)}` : `${key}=${value}`;
  return {
    path,
    format,
    connect(text, connection) {
      const eol = text.includes('\r\n') ? '\r\n' : '\n';
      const lines = linesOf(text);
      for (const { key, value, ifAbsent } of entries(connection)) {
        if (value === undefined) continue;
        const found = findLine(lines, format, key);
        if (found && (ifAbsent || found.value === value)) continue;
        if (found) lines[found.line] = write(key, value) + eol;
        else {
          const last = lines.at(-1);
          if (last !== undefined && !last.endsWith('\n')) lines[lines.length - 1] = last + eol;
          lines.push(write(key, value) + eol);
        }
      }
      return lines.join('');
    },
    disconnect(text, original, connection) {
      const lines = linesOf(text);
      const before = linesOf(original);
      for (const { key, value } of entries(connection)) {
        const found = findLine(lines, format, key);
        if (!found || found.value !== value) continue;
        const old = findLine(before, format, key);
        if (old) lines[found.line] = before[old.line] ?? '';
        else lines.splice(found.line, 1);
      }
      return lines.join('');
    },
    connectedAs(text) {
      const lines = linesOf(text);
      const [token, address] = [findLine(lines, format, tokenKey), findLine(lines, format, addressKey)];
      return token?.value.startsWith('vgl_') && address
        ? { token: token.value, address: address.value }
        : null;
    },
  };
}
