import { defineProvider } from './define-provider.ts';

/**
 * Amazon Bedrock through Converse, the same for every maker's models. Model: an id, an inference profile's id or its ARN.
 * Signed with AWS credentials, or with a Bedrock API key as `api_key`.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export const provider = defineProvider({
  type: 'bedrock',
  name: 'Amazon Bedrock',
  basePath: '',
  place({ base_url, region }) {
    if (region === undefined) return 'needs a region, for instance eu-central-1';
    return { address: base_url ?? `https://bedrock-runtime.${region}.amazonaws.com` };
  },
  protocols: [
    {
      protocol: 'bedrock-converse',
      path: '/model/{model}/converse',
      streamPath: '/model/{model}/converse-stream',
    },
  ],
  auth: 'bearer',
  awsService: 'bedrock',
  headers: {},
  quirks: {},
  models: null,
  prices: 'aws',
  countsTokens: false,
  usualPorts: [],
});
