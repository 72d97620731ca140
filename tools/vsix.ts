import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeVsix } from './vsix/make-vsix.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'packages', 'vscode', 'dist');
const { name, bytes } = await makeVsix(root);
await mkdir(folder, { recursive: true });
await writeFile(join(folder, name), bytes);
console.log(
  `packages/vscode/dist/${name}: ${Math.round(bytes.length / 1024)} kB; install it with: code --install-extension`,
);
