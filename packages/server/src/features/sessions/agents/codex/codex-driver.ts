import type { AgentStart } from '../agent-adapter.ts';
import { RpcFailure, type RpcPeer } from '../channel/rpc-peer.ts';
import { fieldsOf, listOf, textOf } from '../read.ts';
import type { Evidence, TurnDriver, TurnEnd } from '../turns/turn-driver.ts';

export interface CodexDriverOptions {
  start: AgentStart;
  peer: RpcPeer;
  newId(prefix: string): string;
  conversation(): string;
  /** The turn that runs. */
  turn(): string | null;
  /** It goes on in another conversation, after this turn of it. */
  moved(conversation: string, lastTurn: string | null): void;
}

/** `-32600` of a steer: the turn it was meant for has ended, or another one runs. */
const INVALID = -32_600;

const MAX_PAGES = 20;
const RECENT_TURNS = 20;

const turnIn = (answer: unknown): string => textOf(fieldsOf(fieldsOf(answer)['turn'])['id']) ?? '';
const threadIn = (answer: unknown): string => textOf(fieldsOf(fieldsOf(answer)['thread'])['id']) ?? '';
const words = (text: string) => [{ type: 'text', text, text_elements: [] }];

/** How a turn ended, by the status Codex gives it. */
export const turnEnds: Record<string, TurnEnd> = {
  completed: 'completed',
  interrupted: 'interrupted',
  failed: 'failed',
};

interface LoadedTurns {
  running: string | null;
  last: string | null;
  /** Of a turn that does not run; one that is not known any more counts as interrupted. */
  endOf(turnId: string): TurnEnd;
}

/** Turns and conversations of Codex, version 2 of its protocol. */
export function createCodexDriver({ start, peer, newId, conversation, turn, moved }: CodexDriverOptions) {
  const settings = {
    cwd: start.folder,
    approvalPolicy: start.approvals === 'full' ? 'never' : 'on-request',
    // A person decides, whatever the settings say of automatic reviews.
    approvalsReviewer: 'user',
    sandbox: start.approvals === 'full' ? 'danger-full-access' : 'workspace-write',
    ...(start.model === null ? {} : { model: start.model }),
    ...(start.gateway ? { modelProvider: 'vigiles' } : {}),
  };

  /** Of a conversation we come back to: the turn that runs, the last one that can be gone back to, and how one ended. */
  async function load(): Promise<LoadedTurns> {
    const answer = await peer.request('thread/turns/list', {
      threadId: conversation(),
      limit: RECENT_TURNS,
      sortDirection: 'desc',
    });
    const turns = listOf(fieldsOf(answer)['data']).map(fieldsOf);
    const idOf = (wanted: readonly unknown[]): string | null =>
      textOf(turns.find(({ status }) => wanted.includes(status))?.['id']);
    return {
      running: idOf(['inProgress']),
      last: idOf(['completed', 'interrupted']),
      endOf: (turnId) => turnEnds[String(turns.find(({ id }) => id === turnId)?.['status'])] ?? 'interrupted',
    };
  }

  const driver: TurnDriver = {
    async start(text) {
      const input = words(text);
      const params = { threadId: conversation(), clientUserMessageId: newId('msg'), input };
      return { turn_id: turnIn(await peer.request('turn/start', params)) };
    },
    async steer(text) {
      const message = { clientUserMessageId: newId('msg'), input: words(text) };
      try {
        const params = { threadId: conversation(), expectedTurnId: turn(), ...message };
        const taken = fieldsOf(await peer.request('turn/steer', params));
        return { turn_id: taken['turnId'] };
      } catch (thrown) {
        // Refused before anything happened: the turn had ended meanwhile.
        if (thrown instanceof RpcFailure && thrown.code === INVALID) return null;
        throw thrown;
      }
    },
    async interrupt() {
      await peer.request('turn/interrupt', { threadId: conversation(), turnId: turn() }, 8000);
    },
    async clear() {
      const ended: unknown[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const params = { threadId: conversation(), cursor, limit: 100 };
        const answer = fieldsOf(await peer.request('thread/backgroundTerminals/list', params));
        for (const entry of listOf(answer['data'])) {
          const { processId, command } = fieldsOf(entry);
          await peer.request('thread/backgroundTerminals/terminate', { threadId: conversation(), processId });
          ended.push(textOf(command)?.slice(0, 200));
        }
        cursor = textOf(answer['nextCursor']);
        if (cursor === null) break;
      }
      return { background_terminals: ended };
    },
    async rewind(position, from): Promise<Evidence> {
      // After a rollback an earlier checkpoint belongs to the conversation before it.
      const before = from ?? conversation();
      const answer =
        position === null
          ? await peer.request('thread/start', settings)
          : await peer.request('thread/fork', {
              threadId: before,
              lastTurnId: position,
              excludeTurns: true,
              ...settings,
            });
      const after = threadIn(answer);
      moved(after, position);
      // A copy may name its turns anew.
      if (position !== null) moved(after, (await load().catch(() => null))?.last ?? position);
      return { conversation: after, forked_from: before, last_turn: position };
    },
  };
  return {
    driver,
    /** Greets the server and opens the conversation. */
    async open(): Promise<{ conversation: string; model: string | null }> {
      await peer.request('initialize', {
        clientInfo: { name: 'vigiles', title: 'Vigiles', version: '1' },
        capabilities: { experimentalApi: true, requestAttestation: false },
      });
      peer.notify('initialized');
      const answer =
        start.conversation === null
          ? await peer.request('thread/start', settings)
          : await peer.request('thread/resume', {
              threadId: start.conversation,
              excludeTurns: true,
              ...settings,
            });
      const model =
        textOf(fieldsOf(answer)['model']) ?? textOf(fieldsOf(fieldsOf(answer)['thread'])['model']);
      return { conversation: threadIn(answer), model };
    },
    load,
  };
}
