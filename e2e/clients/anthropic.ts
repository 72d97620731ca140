import Anthropic from '@anthropic-ai/sdk';
import { answerOf, MAX_STEPS, noParameters, parameters, type SdkClient, type Step } from './client.ts';

/** The `@anthropic-ai/sdk` package with extended thinking, whose blocks must come back as they were signed. */
export const anthropic: SdkClient = {
  name: '@anthropic-ai/sdk',
  id: 'anthropic',
  stops: { calls: 'tool_use', end: 'end_turn' },
  keepsReasoning: () => true,
  async run({ gatewayUrl, token }, model, stream) {
    const client = new Anthropic({ baseURL: gatewayUrl, apiKey: token, maxRetries: 0 });
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'go' }];
    const ask = {
      model,
      max_tokens: 4000,
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
      tools: [
        { name: 'look_up', input_schema: parameters },
        { name: 'list_files', input_schema: noParameters },
      ],
    };
    const steps: Step[] = [];
    while (steps.length < MAX_STEPS) {
      let deltas = 0;
      const answer = stream
        ? await client.messages
            .stream({ ...ask, messages })
            .on('text', () => (deltas += 1))
            .finalMessage()
        : await client.messages.create({ ...ask, messages });
      const calls = answer.content.flatMap((block) => (block.type === 'tool_use' ? [block] : []));
      const { usage } = answer;
      const cached = usage.cache_read_input_tokens ?? 0;
      steps.push({
        text: answer.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
        deltas,
        calls: calls.map(({ name, input }) => ({ name, arguments: input })),
        stop: answer.stop_reason,
        usage: { input: usage.input_tokens + cached, output: usage.output_tokens, cached },
      });
      if (calls.length === 0) return steps;
      const content = calls.map(({ id, name }) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: answerOf(name),
      }));
      messages.push({ role: 'assistant', content: answer.content }, { role: 'user', content });
    }
    return steps;
  },
};
