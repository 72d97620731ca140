import OpenAI from 'openai';
import { answerOf, MAX_STEPS, noParameters, parameters, type SdkClient, type Step } from './client.ts';

/** The `openai` package's Responses door, stateless: reasoning travels encrypted. */
export const openaiResponses: SdkClient = {
  name: 'openai, responses',
  id: 'openai-responses',
  stops: { calls: 'completed', end: 'completed' },
  keepsReasoning: () => true,
  async run({ gatewayUrl, token }, model, stream) {
    const openai = new OpenAI({ baseURL: `${gatewayUrl}/v1`, apiKey: token, maxRetries: 0 });
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: 'go' }];
    const ask = {
      model,
      tools: [
        { type: 'function' as const, name: 'look_up', parameters, strict: false },
        { type: 'function' as const, name: 'list_files', parameters: noParameters, strict: false },
      ],
      store: false,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
    };
    const steps: Step[] = [];
    while (steps.length < MAX_STEPS) {
      let deltas = 0;
      let answer: OpenAI.Responses.Response | undefined;
      if (stream) {
        // The raw events: the package's own helper adds fields to the items that the API refuses to take back.
        for await (const event of await openai.responses.create({ ...ask, input, stream })) {
          if (event.type === 'response.output_text.delta') deltas += 1;
          if (event.type === 'response.completed') answer = event.response;
        }
      } else answer = await openai.responses.create({ ...ask, input });
      if (!answer) return steps;
      const said = answer.output.flatMap((item) => (item.type === 'message' ? item.content : []));
      const calls = answer.output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
      const { usage } = answer;
      steps.push({
        text: said.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
        deltas,
        calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) as unknown })),
        stop: answer.status,
        usage: {
          input: usage?.input_tokens ?? 0,
          output: usage?.output_tokens ?? 0,
          cached: usage?.input_tokens_details.cached_tokens ?? 0,
        },
      });
      if (calls.length === 0) return steps;
      input.push(...(answer.output as OpenAI.Responses.ResponseInputItem[]));
      for (const { call_id, name } of calls)
        input.push({ type: 'function_call_output', call_id, output: answerOf(name) });
    }
    return steps;
  },
};
