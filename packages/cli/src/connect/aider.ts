import { join } from 'node:path';
import type { Agent } from './agent.ts';
import { lineSettings } from './line-settings.ts';

/** aider names models with their sort of API in front. https://aider.chat/docs/config/aider_conf.html */
export const aider: Agent = {
  id: 'aider',
  name: 'aider',
  files: [
    lineSettings({
      path: ({ userHome }) => join(userHome, '.aider.conf.yml'),
      format: 'yaml',
      entries: ({ baseUrl, token, model }) => [
        { key: 'openai-api-base', value: baseUrl },
        { key: 'openai-api-key', value: token },
        { key: 'model', value: model === undefined ? undefined : `openai/${model}`, ifAbsent: true },
      ],
      tokenKey: 'openai-api-key',
      addressKey: 'openai-api-base',
    }),
  ],
  notes([text = '']) {
    const model = /^model[ \t]*:[ \t]*["']?([^"'\s#]+)/m.exec(text)?.[1];
    return model !== undefined && !model.startsWith('openai/')
      ? [`Its model is ${model}; only models called openai/… go through the gateway.`]
      : [];
  },
};
