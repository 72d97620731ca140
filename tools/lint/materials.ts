import { basename } from 'node:path';
import { roomOf } from './room.ts';
import type { Breach } from './breach.ts';
import type { SourceFile } from './source-file.ts';

const maxLines = 400;
const namelessRooms = /^(utils?|helpers?|misc|common)\.(ts|tsx|mjs|js)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|mjs|js)$/;
/** Tools want a default export of their configuration file. */
const configuration = /(^|\/)[a-z-]+\.config\.(ts|js|mjs)$/;

/** House rules on names, sizes, exports and the environment. */
export function checkMaterials(file: SourceFile): Breach[] {
  const room = roomOf(file.path);
  const name = basename(file.path);
  const breaches: Breach[] = [];
  const say = (line: number, rule: string, message: string) =>
    breaches.push({ path: file.path, line, rule, message });
  const generated = name.endsWith('.gen.ts');

  if (namelessRooms.test(name)) say(1, 'name', 'a room without a name: say what is inside');
  if (!kebab.test(name)) say(1, 'name', 'file names are kebab-case');
  if (file.lines > maxLines && !generated)
    say(maxLines, 'size', `${file.lines} lines: two ideas in one room`);
  if (file.defaultExportLine !== null && !configuration.test(file.path))
    say(file.defaultExportLine, 'export', 'named exports only');
  for (const line of file.narrowedTestLines) say(line, 'test', 'no test is skipped or narrowed');
  for (const line of file.rawHtmlLines) say(line, 'html', 'text nodes only');
  if (room.package === 'server' && !room.test && room.layer !== 'app')
    for (const line of file.processEnvLines) say(line, 'environment', 'process.env is read in app/ only');
  for (const { request, line } of file.imports)
    if (request === 'node:sqlite' && !file.path.startsWith('packages/server/src/platform/store/sqlite/'))
      say(line, 'sqlite', 'node:sqlite is used in one module only');
  return breaches;
}
