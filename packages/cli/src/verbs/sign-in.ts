import { connect } from '../client/api.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';

/** `vigiles sign-in`: a fresh link for one browser. */
export async function signIn({ home, json }: { home?: string; json?: boolean }): Promise<void> {
  const answer = await connect(homeOf(home)).send<{ url: string }>('POST', '/api/v1/sign-in-links');
  if (json) sayJson(answer);
  else say(answer.url);
}
