import type { Message, TurnRequest } from '@vigiles/wire';
import { findShellTool, type ShellTool } from './shell-tool.ts';

/** One answer of the scripted model: words, and perhaps one call of the client's shell tool. */
export interface DemoAnswer {
  text: string;
  call?: { tool: ShellTool; command: string };
}

const COMMANDS = ['echo "Vigiles demo: hello from your own shell"', 'ls'];

/**
 * What the scripted model says: with a shell tool it greets, runs two harmless commands, one a turn, and sums up;
 * without one it only speaks. The same conversation always gets the same answer.
 */
export function demoAnswer(request: TurnRequest): DemoAnswer {
  const tool = findShellTool(request);
  const results = resultsSinceUser(request.messages);
  const asked = shorten(lastUserText(request.messages), 80);
  if (!tool) {
    return {
      text:
        `This is the scripted demo model of Vigiles: no key, no network, and the same words every time. ` +
        `You wrote: “${asked}”. Your request came through the gateway, was counted, and is on the dashboard now. ` +
        `Add a provider to vigiles.yaml and the same address will answer with a real model.`,
    };
  }
  const command = COMMANDS[results.length];
  if (command !== undefined) {
    const text =
      results.length === 0
        ? `This is the scripted demo model of Vigiles. You asked: “${asked}”. I will show that your tools work: first a greeting.`
        : `The first command answered. Now a look at the folder you are in.`;
    return { text, call: { tool, command } };
  }
  return {
    text:
      `Done. Both commands ran on your machine and their output came back through the gateway` +
      `${listed(results.at(-1) ?? '')}. Every one of these turns is in the ledger, with its tokens and its time. ` +
      `Add a provider to vigiles.yaml and the same address will answer with a real model.`,
  };
}

function listed(output: string): string {
  const first = output.split('\n').find((line) => line.trim() !== '');
  return first === undefined ? '' : ` (the last one began with “${shorten(first.trim(), 60)}”)`;
}

/** Texts of the tool results that came after the user's last words. */
function resultsSinceUser(messages: readonly Message[]): string[] {
  const results: string[] = [];
  for (const message of messages) {
    if (message.role === 'user') results.length = 0;
    if (message.role !== 'tool') continue;
    for (const part of message.parts) {
      results.push(part.content.map((piece) => (piece.type === 'text' ? piece.text : '')).join(''));
    }
  }
  return results;
}

function lastUserText(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role === 'user');
  if (last?.role !== 'user') return '';
  const part = last.parts.findLast((piece) => piece.type === 'text');
  return part?.type === 'text' ? part.text : '';
}

function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
