import { lintTree } from './lint-tree.ts';

const { files, breaches } = lintTree(process.cwd());
for (const { path, line, rule, message } of breaches) console.error(`${path}:${line}  ${rule}  ${message}`);
if (files === 0) console.error('house rules: no files found, nothing was checked');
else console.log(`house rules: ${files} files, ${breaches.length} breaches`);
process.exitCode = breaches.length > 0 || files === 0 ? 1 : 0;
