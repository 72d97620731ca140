import { connect as connectApi } from '../client/api.ts';
import { gatewayUrl } from '../codex/gateway.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say } from '../output/print.ts';

const noFile =
  'Cline keeps its settings inside the editor and has no file for them that could be written safely.';

/** `vigiles connect cline --print`: what to enter by hand. Writing is refused, because there is no file to write. */
export async function connectClineVerb(options: { home?: string; print?: boolean }): Promise<void> {
  if (!options.print)
    throw new CliError(`${noFile} See what to enter: vigiles connect cline --print`, exitCode.usage);
  const baseUrl = await gatewayUrl(connectApi(homeOf(options.home)));
  say(`${noFile}
Enter this in its settings:

  API Provider   OpenAI Compatible
  Base URL       ${baseUrl}
  API Key        what this prints: vigiles device pair cline --scopes gateway --token
  Model ID       one of ${baseUrl}/models

Nothing was written and no device was made.`);
}

/** `vigiles disconnect cline`: there is nothing of ours to take out, only a device to end. */
export function disconnectClineVerb(): void {
  throw new CliError(
    `${noFile} Take the address out there, and end its token: vigiles device list, vigiles device revoke <id>`,
    exitCode.usage,
  );
}
