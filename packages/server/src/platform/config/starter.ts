/** What a new `vigiles.yaml` says. Everything has a default, so this is a place to begin, not a list of duties. */
export const starterConfig = `# yaml-language-server: $schema=./vigiles.schema.json
#
# Vigiles reads this file again when you save it. A mistake is reported with its line and the
# last good configuration stays in force. Every key, with its default: docs/reference/config.md

# Where the API, the dashboard and the sockets are served.
server:
  host: 127.0.0.1
  port: 8765

# Where agents send their model traffic. Without providers a scripted demo model answers, so that
# everything can be tried without a key; models that run on this machine are found by themselves.
gateway:
  port: 8766
  providers: []
  # Keep keys out of this file:  vigiles secret set openai
  # - id: openai
  #   type: openai
  #   api_key: \${secret:openai}
  # - id: anthropic
  #   type: anthropic
  #   api_key: \${env:ANTHROPIC_API_KEY}

# US dollars. Requests beyond them are refused.
budgets:
  daily_usd: 10
  monthly_usd: 100

# What is watched, and started again when it falls. The gateway is always on the list.
watchdog:
  services: []
  # - name: my-app
  #   command: [node, server.js]
  #   cwd: /srv/my-app
  #   port: 3000
  #   checks:
  #     - type: http
  #       url: http://127.0.0.1:3000/health
`;
