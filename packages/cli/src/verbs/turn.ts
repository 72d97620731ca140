import { readFile, writeFile } from 'node:fs/promises';
import type { ReplayReport, TurnRecord } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
}

/** `vigiles turn export <id>`: a file for a bug report, only its owner can read it. */
export async function exportTurnVerb(id: string, { home, out }: Options & { out?: string }): Promise<void> {
  const record = await connect(homeOf(home)).get<TurnRecord>(
    `/api/v1/ai/turns/${encodeURIComponent(id)}/record`,
  );
  if (out === undefined) {
    sayJson(record);
    return;
  }
  await writeFile(out, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  say(
    record.content
      ? `Written to ${out}. Look through it before you hand it on: what was said in the turn is in it.`
      : `Written to ${out}, without what was said: gateway.store_prompts was off when the turn ran.`,
  );
}

/** `vigiles turn replay <file>`: what today's translation makes of it. */
export async function replayTurnVerb(file: string, { home, json }: Options): Promise<void> {
  let record: unknown;
  try {
    record = JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    throw new CliError(`${file} cannot be read: ${(thrown as Error).message}`, exitCode.usage);
  }
  const report = await connect(homeOf(home)).send<ReplayReport>('POST', '/api/v1/ai/replay', record);
  if (json) sayJson(report);
  else say(replayView(report));
}

function replayView(report: ReplayReport): string {
  const lines: string[] = [];
  const show = (title: string, differences: ReplayReport['sent_differences']): void => {
    lines.push(
      differences.length === 0 ? `${title}: the same` : `${title}: ${differences.length} differences`,
    );
    for (const { path, recorded, replayed } of differences) {
      lines.push(
        `  ${clean(path) || '(all)'}`,
        `    recorded ${short(recorded)}`,
        `    now      ${short(replayed)}`,
      );
    }
  };
  show(report.would_send === null ? 'Request (passed through)' : 'Request', report.sent_differences);
  show('Answer', report.answer_differences);
  if (report.answer) lines.push(`  ${short(report.answer.text)} [${clean(report.answer.finish)}]`);
  for (const note of report.notes) lines.push(`Note: ${clean(note)}`);
  return lines.join('\n');
}

const short = (value: unknown): string => clean(JSON.stringify(value) ?? 'nothing').slice(0, 200);
