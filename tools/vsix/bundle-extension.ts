import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** The extension and all it needs as one CommonJS text; only the editor's own module stays outside. */
export async function bundleExtension(root: string): Promise<string> {
  const made = await rolldown({
    cwd: root,
    input: join(root, 'packages/vscode/src/extension.ts'),
    platform: 'node',
    external: ['vscode'],
    // Vocabulary only: what the extension does not say is left out.
    treeshake: { moduleSideEffects: [{ test: /packages[\\/]contract[\\/]src/, sideEffects: false }] },
  });
  const { output } = await made.generate({ format: 'cjs', exports: 'named', comments: false, minify: true });
  await made.close();
  const [entry, ...others] = output;
  if (others.some(({ type }) => type === 'chunk')) throw new Error('The extension is more than one file.');
  return entry.code;
}
