import { type Refusal } from './refusal.ts';

export const geminiRefusals: Refusal[] = [
  {
    name: 'Gemini: schema keywords it does not know, at several places',
    protocol: 'gemini',
    answer: {
      error: {
        code: 400,
        message:
          'Invalid JSON payload received. Unknown name "additionalProperties" at \'tools[0].function_declarations[0].parameters\': Cannot find field.\nInvalid JSON payload received. Unknown name "const" at \'tools[0].function_declarations[0].parameters.properties[0].value\': Cannot find field.',
        status: 'INVALID_ARGUMENT',
      },
    },
    sent: {
      contents: [],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'a',
              parameters: {
                type: 'object',
                properties: { const: { const: 'x' } },
                additionalProperties: false,
              },
            },
          ],
        },
      ],
    },
    told: ['-schema additionalProperties', '-schema const'],
    becomes: {
      contents: [],
      tools: [
        {
          functionDeclarations: [
            { name: 'a', parameters: { type: 'object', properties: { const: { enum: ['x'] } } } },
          ],
        },
      ],
    },
    loses: ['the schema keyword additionalProperties was left out'],
  },
  {
    name: 'Gemini: a setting it does not know',
    protocol: 'gemini',
    answer: {
      error: {
        code: 400,
        message:
          'Invalid JSON payload received. Unknown name "presencePenalty" at \'generation_config\': Cannot find field.',
        status: 'INVALID_ARGUMENT',
      },
    },
    sent: { contents: [], generationConfig: { presencePenalty: 1, temperature: 1 } },
    told: ['-generationConfig.presencePenalty'],
    becomes: { contents: [], generationConfig: { temperature: 1 } },
    loses: ['generationConfig.presencePenalty was left out'],
  },
  {
    name: 'Vertex: too many tokens asked for',
    protocol: 'gemini',
    answer: {
      error: {
        code: 400,
        message:
          'Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive). Update the value and try again.',
        status: 'INVALID_ARGUMENT',
      },
    },
    sent: { contents: [], generationConfig: { maxOutputTokens: 100000 } },
    told: ['generationConfig.maxOutputTokens<=65536'],
    becomes: { contents: [], generationConfig: { maxOutputTokens: 65536 } },
    loses: ['100000 became 65536'],
  },
];
