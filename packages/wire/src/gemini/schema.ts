import * as z from 'zod';

/**
 * What a `generateContent` client may send, after its names were put into camel case. Unknown fields and parts pass,
 * `null` counts as absent; a known field of the wrong type is an error that names its path.
 * `model` and `stream` stand in the URL of Gemini's API; whoever serves it puts them into the body.
 * Source: the Gemini API reference, v1beta.
 */

const record = z.record(z.string(), z.unknown());

const blobSchema = z.looseObject({
  mimeType: z.string().nullish(),
  data: z.string(),
  displayName: z.string().nullish(),
});

const fileSchema = z.looseObject({ fileUri: z.string(), mimeType: z.string().nullish() });

const partSchema = z.looseObject({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  inlineData: blobSchema.nullish(),
  fileData: fileSchema.nullish(),
  functionCall: z
    .looseObject({ id: z.string().nullish(), name: z.string().min(1), args: record.nullish() })
    .nullish(),
  functionResponse: z
    .looseObject({
      id: z.string().nullish(),
      name: z.string().nullish(),
      response: record.nullish(),
      parts: z
        .array(z.looseObject({ inlineData: blobSchema.nullish(), fileData: fileSchema.nullish() }))
        .nullish(),
    })
    .nullish(),
});

const contentSchema = z.looseObject({
  role: z.enum(['user', 'model', 'function', 'system']).nullish(),
  parts: z.array(partSchema).nullish(),
});

const toolSchema = z.looseObject({
  functionDeclarations: z
    .array(
      z.looseObject({
        name: z.string(),
        description: z.string().nullish(),
        parameters: record.nullish(),
        parametersJsonSchema: record.nullish(),
      }),
    )
    .nullish(),
});

export const generationConfigSchema = z.looseObject({
  maxOutputTokens: z.number().int().nonnegative().nullish(),
  temperature: z.number().nullish(),
  topP: z.number().nullish(),
  topK: z.number().nullish(),
  seed: z.number().int().nullish(),
  presencePenalty: z.number().nullish(),
  frequencyPenalty: z.number().nullish(),
  candidateCount: z.number().int().nullish(),
  stopSequences: z.array(z.string()).nullish(),
  responseMimeType: z.string().nullish(),
  responseSchema: record.nullish(),
  responseJsonSchema: record.nullish(),
  thinkingConfig: z
    .looseObject({
      includeThoughts: z.boolean().nullish(),
      thinkingBudget: z.number().int().nullish(),
      thinkingLevel: z.string().nullish(),
    })
    .nullish(),
});

export const geminiRequestSchema = z.looseObject({
  model: z.string().min(1),
  stream: z.boolean().nullish(),
  contents: z.array(contentSchema),
  systemInstruction: z.union([z.string(), contentSchema]).nullish(),
  tools: z.array(toolSchema).nullish(),
  toolConfig: z
    .looseObject({
      functionCallingConfig: z
        .looseObject({
          mode: z.string().nullish(),
          allowedFunctionNames: z.array(z.string()).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  generationConfig: generationConfigSchema.nullish(),
});

export type GeminiRequest = z.infer<typeof geminiRequestSchema>;
export type GeminiContent = z.infer<typeof contentSchema>;
export type GeminiPart = z.infer<typeof partSchema>;
export type GeminiTool = z.infer<typeof toolSchema>;
export type GenerationConfig = z.infer<typeof generationConfigSchema>;
