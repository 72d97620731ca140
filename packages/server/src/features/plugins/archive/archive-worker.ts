import { FaultError } from '../../../kernel/fault.ts';
import { serveThread } from '../../../platform/thread/serve-thread.ts';
import { compareFolder } from './compare-folder.ts';
import { extractPackage } from './extract-package.ts';
import { inspectPackage } from './inspect-package.ts';
import type { ArchiveAnswer, ArchiveQuestion } from './messages.ts';
import { packFolder } from './pack-folder.ts';
import { readReadme } from './read-readme.ts';

async function answerTo(asked: ArchiveQuestion): Promise<ArchiveAnswer> {
  switch (asked.kind) {
    case 'inspect':
      return { inspected: await inspectPackage(asked.file, asked.expected, asked.limits) };
    case 'extract':
      return { inspected: await extractPackage(asked.file, asked.expected, asked.into, asked.limits) };
    case 'compare':
      return { difference: await compareFolder(asked.file, asked.expected, asked.folder, asked.limits) };
    case 'readme':
      return { readme: await readReadme(asked.file, asked.expected, asked.limits) };
    case 'pack':
      return { inspected: await packFolder(asked.folder, asked.target, asked.limits) };
  }
}

/** What can be sent: a fault without its cause. */
function failureOf(thrown: unknown): ArchiveAnswer {
  if (!(thrown instanceof FaultError))
    return { failure: thrown instanceof Error ? (thrown.stack ?? thrown.message) : 'unknown' };
  const { kind, code, message, details } = thrown.fault;
  return { fault: { kind, code, message, ...(details ? { details } : {}) } };
}

serveThread((question: ArchiveQuestion) => answerTo(question).catch(failureOf));
