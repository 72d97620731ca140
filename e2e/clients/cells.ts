import { anthropic } from './anthropic.ts';
import { codexShapes, runCodexCell } from './codex-cell.ts';
import { google } from './google.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { runSdkCell } from './sdk-cell.ts';
import { providerIds, type ProviderId, type World } from './world.ts';

/** One client with one provider protocol. */
export interface Cell {
  client: string;
  provider: ProviderId;
  /** Throws what is wrong. */
  run(world: World): Promise<void>;
}

type Runner = (world: World, provider: ProviderId) => Promise<void>;

const clients: [name: string, run: Runner][] = [
  [
    'Codex CLI',
    async (world, provider) => {
      for (const slug of codexShapes) await runCodexCell(world, provider, slug);
    },
  ],
  ...[openaiResponses, openaiChat, anthropic, google].map((client): [string, Runner] => [
    client.name,
    (world, provider) => runSdkCell(world, client, provider),
  ]),
];

/** Every official client with every provider protocol. They share providers: run them one after the other. */
export const cells: Cell[] = clients.flatMap(([client, run]) =>
  providerIds.map((provider) => ({ client, provider, run: (world: World) => run(world, provider) })),
);
