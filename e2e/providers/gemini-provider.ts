import { checkContents, checkTools, type Content, type Part } from './gemini-rules.ts';
import { Refusal, refuseUnknown, startProviderServer, type ProviderServer } from './provider-server.ts';
import { pieces, type Script } from './scripted-model.ts';

const knownFields =
  'contents systemInstruction system_instruction tools toolConfig generationConfig safetySettings cachedContent labels'.split(
    ' ',
  );
const configFields =
  'maxOutputTokens temperature topP topK seed stopSequences candidateCount presencePenalty frequencyPenalty responseMimeType responseSchema responseJsonSchema thinkingConfig'.split(
    ' ',
  );

export interface GeminiProvider extends ProviderServer {
  /** Steps that came back with the signature they were given, and with the placeholder. */
  readonly signed: number;
  readonly placeholders: number;
}

/** A Gemini 3 provider with a scripted model behind it; it refuses what the real one refuses. */
export async function startGeminiProvider(script: Script, apiKey: string): Promise<GeminiProvider> {
  const issued = new Set<string>();
  let answers = 0;
  let signed = 0;
  let placeholders = 0;
  const server = await startProviderServer(
    async (request, body, response) => {
      if (request.headers['x-goog-api-key'] !== apiKey || request.headers.authorization !== undefined)
        throw new Refusal(400, 'API key not valid. Please pass a valid API key.');
      const [path = '', query] = (request.url ?? '').split('?');
      const json = (value: unknown) => {
        response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
        response.end(JSON.stringify(value, null, 2));
      };
      if (request.method === 'GET' && path === '/v1beta/models') {
        const methods = { supportedGenerationMethods: ['generateContent', 'countTokens'] };
        json({
          models: [
            { name: 'models/gemini-3-scripted', ...methods },
            { name: 'models/embedder', supportedGenerationMethods: ['embedContent'] },
          ],
        });
        return;
      }
      const [, model, verb] = /^\/v1beta\/models\/([^/:]+):(\w+)$/.exec(path) ?? [];
      if (verb === 'countTokens') return json({ totalTokens: 4242 });
      const stream = verb === 'streamGenerateContent';
      if (!model || (verb !== 'generateContent' && !stream) || (stream && query !== 'alt=sse'))
        throw new Refusal(404, `Requested entity was not found: ${request.url}`);
      const unknown = (field: string) =>
        `Invalid JSON payload received. Unknown name "${field}": Cannot find field.`;
      refuseUnknown(body, knownFields, unknown);
      refuseUnknown((body['generationConfig'] ?? {}) as Record<string, unknown>, configFields, unknown);
      const declared = checkTools(body);
      const checked = checkContents(body['contents'] as Content[], issued);
      signed += checked.signed;
      placeholders += checked.placeholders;
      const said = script({
        body,
        tools: declared.map(({ name, description = '' }) => ({ name, description })),
        results: checked.results,
      });
      answers += 1;
      const parts: Part[] = [{ text: 'Considering.', thought: true }];
      parts.push(...pieces(said.text).map((text) => ({ text })));
      for (const [at, call] of said.calls.entries()) {
        const part: Part = { functionCall: { name: call.name, args: call.arguments } };
        // Parallel calls: the first alone is signed, and none has an id.
        if (at === 0) {
          part.thoughtSignature = Buffer.from(`step ${answers} \u00ff+/`).toString('base64');
          issued.add(part.thoughtSignature);
        }
        parts.push(part);
      }
      const usage = {
        promptTokenCount: 1000,
        candidatesTokenCount: 10,
        thoughtsTokenCount: 7,
        cachedContentTokenCount: 100,
        totalTokenCount: 1017,
      };
      const named = { usageMetadata: usage, modelVersion: model, responseId: `gen-${answers}` };
      const answer = (some: Part[], finishReason?: string) => ({
        candidates: [
          { content: { parts: some, role: 'model' }, ...(finishReason ? { finishReason } : {}), index: 0 },
        ],
        ...named,
      });
      if (!stream) return json(answer(parts, 'STOP'));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of parts) response.write(`data: ${JSON.stringify(answer([part]))}\r\n\r\n`);
      response.end(`data: ${JSON.stringify(answer([{ text: '' }], 'STOP'))}\r\n\r\n`);
    },
    ({ status, message }) => ({
      error: { code: status, message, status: status === 404 ? 'NOT_FOUND' : 'INVALID_ARGUMENT' },
    }),
  );
  return Object.defineProperties(server as GeminiProvider, {
    signed: { get: () => signed },
    placeholders: { get: () => placeholders },
  });
}
