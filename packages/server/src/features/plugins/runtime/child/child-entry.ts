import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file a plugin's process begins with; in the bundle it lies beside what starts it. */
const entry = fileURLToPath(new URL('./plugin-child.ts', import.meta.url));

export const childEntry = { file: entry, folder: dirname(entry) };
