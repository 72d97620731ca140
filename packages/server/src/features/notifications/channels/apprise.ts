import { defineChannel, hostOf, later, refused } from '../define-channel.ts';
import { post } from '../post.ts';

/** Apprise’s HTTP API, for the services that have no file here: https://github.com/caronc/apprise-api#api-details. */
export const channel = defineChannel({
  type: 'apprise',
  title: 'Apprise',
  perMinute: 60,
  target: (config) => hostOf(config.server),
  async send(config, message, context) {
    if (config.config_key === undefined && config.urls.length === 0) {
      return refused('it has neither a config_key nor urls');
    }
    const type =
      message.phase === 'resolved'
        ? 'success'
        : message.severity === 'critical'
          ? 'failure'
          : message.severity;
    const key = config.config_key === undefined ? '' : `/${encodeURIComponent(config.config_key)}`;
    return post(
      {
        url: `${config.server.replace(/\/+$/, '')}/notify${key}`,
        json: {
          title: message.title,
          body: [message.body === '' ? message.title : message.body, message.link ?? '']
            .filter(Boolean)
            .join('\n\n'),
          type,
          format: 'text',
          ...(config.config_key === undefined ? { urls: config.urls.join(',') } : {}),
          ...(config.apprise_tag === undefined ? {} : { tag: config.apprise_tag }),
        },
        judge: ({ status }) => {
          // 204: nothing is configured under this key. 424: at least one of the services did not take it.
          if (status === 204) return refused('Apprise has no services under this key');
          if (status === 424) return later('Apprise could not reach at least one of its services');
          return null;
        },
      },
      context,
    );
  },
});
