import type {
  AnswerContext,
  AssistantPart,
  TurnEvent,
  TurnRequest,
  TurnResponse,
  Usage,
} from '@vigiles/wire';
import { demoAnswer, type DemoAnswer } from './script.ts';

/** The scripted answer as a whole. */
export function demoResponse(request: TurnRequest, answer: AnswerContext): TurnResponse {
  const scripted = demoAnswer(request);
  const parts: AssistantPart[] = [{ type: 'text', text: scripted.text }];
  if (scripted.call) {
    const { tool, command } = scripted.call;
    parts.push({
      type: 'tool-call',
      kind: 'function',
      id: answer.newId('call'),
      name: tool.name,
      ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
      input: tool.call(command),
    });
  }
  return {
    id: answer.newId('demo'),
    model: answer.model,
    createdAt: answer.nowSeconds(),
    parts,
    finish: scripted.call ? 'tool-calls' : 'stop',
    usage: usageOf(request, scripted),
  };
}

/** The scripted answer as a stream: groups of events, each sent together, a pause between them. */
export function demoEvents(request: TurnRequest, answer: AnswerContext): TurnEvent[][] {
  const response = demoResponse(request, answer);
  const groups: TurnEvent[][] = [
    [
      { type: 'start', id: response.id, model: response.model, createdAt: response.createdAt },
      { type: 'text-start', index: 0 },
    ],
  ];
  for (const [index, part] of response.parts.entries()) {
    if (part.type === 'text') {
      // A word and the space before it at a time, as models do.
      for (const text of part.text.match(/\s*\S+/g) ?? []) groups.push([{ type: 'text-delta', index, text }]);
      groups.push([{ type: 'text-end', index }]);
    }
    if (part.type !== 'tool-call') continue;
    groups.push([
      {
        type: 'tool-call-start',
        index,
        kind: part.kind,
        id: part.id,
        name: part.name,
        ...(part.namespace === undefined ? {} : { namespace: part.namespace }),
      },
      { type: 'tool-call-delta', index, text: part.input },
      { type: 'tool-call-end', index, input: part.input },
    ]);
  }
  const { finish, usage } = response;
  groups.push([{ type: 'finish', reason: finish, ...(usage ? { usage } : {}) }]);
  return groups;
}

/** Four characters a token, so that the demo's numbers look like numbers. */
function usageOf(request: TurnRequest, { text, call }: DemoAnswer): Usage {
  const read = JSON.stringify(request.messages).length + JSON.stringify(request.tools).length;
  const written = text.length + (call ? call.command.length : 0);
  return { inputTokens: Math.ceil(read / 4), outputTokens: Math.ceil(written / 4) };
}
