import type { ServerResponse } from 'node:http';
import { chatCompletion, chatStream } from '../../packages/server/src/testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type SeenRequest,
} from '../../packages/server/src/testing/upstreams/scripted-upstream.ts';

/** How a provider that is not well answers one turn. */
export type Illness = (seen: SeenRequest, res: ServerResponse) => void | Promise<void>;

export interface SickProviders {
  /** `base_url` of one of them: all stand behind one port, each with a path of its own. */
  url(patient: string): string;
  /** From now on it answers like this. */
  falls(patient: string, illness: Illness): void;
  /** From now on it answers as a healthy provider does. */
  recovers(patient: string): void;
  /** How many turns it was asked for. */
  asked(patient: string): number;
  close(): Promise<void>;
}

/** An answer of a healthy model with these words, streamed where the client asked for a stream. */
export const say = (words: string): Illness =>
  async function speak({ json }, res) {
    if (json?.['stream'] === true) await streamPieces(res, chatStream([words]));
    else answerJson(res, 200, chatCompletion(words));
  };

/** A refusal in the words of an OpenAI-compatible provider. */
export const refuse =
  (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}): Illness =>
  (_seen, res) =>
    answerJson(res, status, { error }, headers);

/** Chat Completions providers that fall ill one by one, as the test says. */
export async function startSickProviders(): Promise<SickProviders> {
  const ill = new Map<string, Illness>();
  const asked = new Map<string, number>();
  const well = say('All is well.');
  const upstream = await startScriptedUpstream(
    (seen, res) => {
      const [, patient = ''] = seen.path.split('/');
      asked.set(patient, (asked.get(patient) ?? 0) + 1);
      return (ill.get(patient) ?? well)(seen, res);
    },
    ['m'],
  );
  return {
    url: (patient) => `${upstream.origin}/${patient}`,
    falls: (patient, illness) => void ill.set(patient, illness),
    recovers: (patient) => void ill.delete(patient),
    asked: (patient) => asked.get(patient) ?? 0,
    close: () => upstream.close(),
  };
}
