/** A number in an answer; texts that are numbers count, because some services write money that way. */
const number = (value) =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : NaN;

/**
 * Where each service says what is left, and how its answer is read.
 * - OpenRouter: GET /api/v1/credits, for a management key
 * - DeepSeek: GET /user/balance
 * - Moonshot: GET /v1/users/me/balance
 */
export const accounts = {
  openrouter: {
    url: 'https://openrouter.ai/api/v1/credits',
    secret: 'openrouter-management-key',
    read: (answer) => ({
      left: number(answer?.data?.total_credits) - number(answer?.data?.total_usage),
      currency: 'USD',
    }),
  },
  deepseek: {
    url: 'https://api.deepseek.com/user/balance',
    secret: 'deepseek-key',
    read(answer) {
      const all = Array.isArray(answer?.balance_infos) ? answer.balance_infos : [];
      const one = all.find(({ currency }) => currency === 'USD') ?? all[0];
      return { left: number(one?.total_balance), currency: String(one?.currency ?? '') };
    },
  },
  moonshot: {
    url: 'https://api.moonshot.ai/v1/users/me/balance',
    secret: 'moonshot-key',
    read: (answer) => ({ left: number(answer?.data?.available_balance), currency: 'USD' }),
  },
  'moonshot-cn': {
    url: 'https://api.moonshot.cn/v1/users/me/balance',
    secret: 'moonshot-key',
    read: (answer) => ({ left: number(answer?.data?.available_balance), currency: 'CNY' }),
  },
};
