import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { bundleExtension } from './bundle-extension.ts';
import { contentTypes, vsixManifest, type ExtensionPackage } from './manifest.ts';

/** The same sources make the same bytes: no times of today. */
const mtime = new Date('2026-01-01T00:00:00Z');

/** Only what the editor reads: nothing of how the extension was made. */
function published(source: ExtensionPackage & Record<string, unknown>): string {
  const { private: _, type: __, ...kept } = source;
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** The extension as a `.vsix`. @param root of the repository */
export async function makeVsix(root: string): Promise<{ name: string; bytes: Buffer }> {
  const from = join(root, 'packages', 'vscode');
  const source = JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as ExtensionPackage &
    Record<string, unknown>;
  const files: [string, string][] = [
    ['extension.vsixmanifest', vsixManifest(source)],
    ['extension/package.json', published(source)],
    ['extension/README.md', await readFile(join(from, 'README.md'), 'utf8')],
    ['extension/LICENSE.txt', await readFile(join(root, 'LICENSE'), 'utf8')],
    ['extension/media/vigiles.svg', await readFile(join(from, 'media', 'vigiles.svg'), 'utf8')],
    ['extension/dist/extension.cjs', await bundleExtension(root)],
  ];
  const endings = [...new Set(files.map(([path]) => path.slice(path.lastIndexOf('.') + 1)))].toSorted();
  const zip = new ZipFile();
  for (const [path, text] of [['[Content_Types].xml', contentTypes(endings)] as const, ...files])
    zip.addBuffer(Buffer.from(text), path, { mtime, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  return { name: `${source.name}-${source.version}.vsix`, bytes: await buffer(zip.outputStream) };
}
