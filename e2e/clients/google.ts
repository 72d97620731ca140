import { GoogleGenAI, type Content, type GenerateContentResponse, type Part } from '@google/genai';
import { answerOf, MAX_STEPS, parameters, type SdkClient, type Step } from './client.ts';

/** The `@google/genai` package. Its users keep every part as it came: signatures stand on them. */
export const google: SdkClient = {
  name: '@google/genai',
  id: 'google',
  stops: { calls: 'STOP', end: 'STOP' },
  keepsReasoning: () => true,
  async run({ gatewayUrl, token }, model, stream) {
    const client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: gatewayUrl } });
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'go' }] }];
    const config = {
      maxOutputTokens: 4000,
      thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 },
      tools: [
        {
          functionDeclarations: [
            { name: 'look_up', description: 'Looks a word up.', parametersJsonSchema: parameters },
            { name: 'list_files' },
          ],
        },
      ],
    };
    const steps: Step[] = [];
    while (steps.length < MAX_STEPS) {
      const asked = { model, contents, config };
      const answers: GenerateContentResponse[] = [];
      if (stream) for await (const one of await client.models.generateContentStream(asked)) answers.push(one);
      else answers.push(await client.models.generateContent(asked));
      const parts = answers.flatMap((answer) => answer.candidates?.[0]?.content?.parts ?? []);
      const calls = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
      const last = answers.at(-1);
      const usage = last?.usageMetadata;
      const said = parts.filter(({ text, thought }) => text && !thought);
      steps.push({
        text: said.map(({ text }) => text).join(''),
        deltas: stream ? said.length : 0,
        calls: calls.map(({ name = '', args }) => ({ name, arguments: args })),
        stop: last?.candidates?.[0]?.finishReason,
        usage: {
          input: usage?.promptTokenCount ?? 0,
          output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
          cached: usage?.cachedContentTokenCount ?? 0,
        },
      });
      if (calls.length === 0) return steps;
      const results: Part[] = calls.map(({ id, name = '' }) => ({
        functionResponse: { ...(id ? { id } : {}), name, response: { output: answerOf(name) } },
      }));
      const kept = parts.filter((part) => part.text !== '' || part.thoughtSignature);
      contents.push({ role: 'model', parts: kept }, { role: 'user', parts: results });
    }
    return steps;
  },
};
