import OpenAI from 'openai';
import { answerOf, MAX_STEPS, noParameters, parameters, type SdkClient, type Step } from './client.ts';

/** The `openai` package's Chat Completions door. */
export const openaiChat: SdkClient = {
  name: 'openai, chat',
  id: 'openai-chat',
  stops: { calls: 'tool_calls', end: 'stop' },
  // A chat message has room for a call's signature only.
  keepsReasoning: (provider) => provider === 'google',
  async run({ gatewayUrl, token }, model, stream) {
    const openai = new OpenAI({ baseURL: `${gatewayUrl}/v1`, apiKey: token, maxRetries: 0 });
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'go' }];
    const tools = [
      { type: 'function' as const, function: { name: 'look_up', parameters } },
      { type: 'function' as const, function: { name: 'list_files', parameters: noParameters } },
    ];
    const steps: Step[] = [];
    while (steps.length < MAX_STEPS) {
      let deltas = 0;
      const ask = { model, messages, tools };
      const answer = stream
        ? await openai.chat.completions
            .stream({ ...ask, stream_options: { include_usage: true } })
            .on('content', () => (deltas += 1))
            .finalChatCompletion()
        : await openai.chat.completions.create(ask);
      const choice = answer.choices[0];
      const calls = (choice?.message.tool_calls ?? []).flatMap((call) =>
        call.type === 'function' ? [{ id: call.id, ...call.function }] : [],
      );
      const { usage } = answer;
      steps.push({
        text: choice?.message.content ?? '',
        deltas,
        calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) as unknown })),
        stop: choice?.finish_reason,
        usage: {
          input: usage?.prompt_tokens ?? 0,
          output: usage?.completion_tokens ?? 0,
          cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
        },
      });
      if (!choice || calls.length === 0) return steps;
      messages.push(choice.message);
      for (const { id, name } of calls)
        messages.push({ role: 'tool', tool_call_id: id, content: answerOf(name) });
    }
    return steps;
  },
};
