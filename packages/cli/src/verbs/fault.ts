import { buffer } from 'node:stream/consumers';
import type { CatalogueProblem, FaultTestResult, FaultView } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { explainView, faultsView, problemsView, testView } from '../views/fault.ts';

export interface FaultOptions {
  home?: string;
  json?: boolean;
  category?: string;
  active?: boolean;
  source?: string;
}

/** Longest text that is tested. */
const MAX_TEXT = 100_000;

/** `vigiles fault list`; ends with 2 when a catalogue file of one’s own is refused. */
export async function listFaults({ home, json, category, active }: FaultOptions): Promise<void> {
  const query = new URLSearchParams();
  if (category !== undefined) query.set('category', category);
  if (active) query.set('active', 'true');
  const answer = await connect(homeOf(home)).get<{ faults: FaultView[]; problems: CatalogueProblem[] }>(
    `/api/v1/faults?${query.toString()}`,
  );
  if (json) sayJson(answer);
  else say(faultsView(answer.faults));
  if (answer.problems.length > 0) throw new CliError(problemsView(answer.problems), exitCode.usage);
}

/** `vigiles fault explain <id>` */
export async function explainFault(id: string, { home, json }: FaultOptions): Promise<void> {
  const found = await connect(homeOf(home)).get<FaultView>(`/api/v1/faults/${encodeURIComponent(id)}`);
  if (json) sayJson(found);
  else say(explainView(found));
}

/** `vigiles fault test <text>`, or `-` for standard input; ends with 1 when no fault knows any of it. */
export async function testFault(words: string, { home, json, source }: FaultOptions): Promise<void> {
  const text = words === '-' ? (await buffer(process.stdin)).toString('utf8') : words;
  if (text.trim() === '') throw new CliError('There is nothing to test.', exitCode.usage);
  if (text.length > MAX_TEXT)
    throw new CliError(`The text is longer than ${MAX_TEXT} characters: take a part of it.`, exitCode.usage);
  const body = { text, ...(source === undefined ? {} : { source }) };
  const result = await connect(homeOf(home)).send<FaultTestResult>('POST', '/api/v1/faults/test', body);
  if (json) sayJson(result);
  else say(testView(result));
  if (result.matches.length === 0) throw new CliError('', exitCode.failure);
}
