import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';
import { answerNeed, idOf, needs, needsView, subjectOf, type Need } from '../views/needs.ts';

interface Options {
  home?: string;
  json?: boolean;
}

/** What `needs` listed last in this process: a number means what stood there when it was read. */
let listed: readonly Need[] = [];

/** `vigiles needs` */
export async function needsVerb({ home, json }: Options): Promise<void> {
  listed = await needs(connect(homeOf(home)));
  if (json) sayJson(listed.map(subjectOf));
  else say(needsView(listed));
}

/** `vigiles answer <need> <choice>`: by id, and in the console by the number that was shown. */
export async function answerVerb(which: string, choice: string, { home, json }: Options): Promise<void> {
  const api = connect(homeOf(home));
  const byNumber = /^\d{1,4}$/.test(which) ? listed[Number(which) - 1] : undefined;
  const need = byNumber ?? (await needs(api)).find((each) => idOf(each) === which);
  if (!need) throw new CliError('There is no such number or id; needs lists them', exitCode.usage);
  const said = await answerNeed(api, need, choice);
  if (json) sayJson({ answered: idOf(need), choice });
  else say(said);
}
