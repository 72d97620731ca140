/** Files of other monitoring programs as people have them, with secrets that a test can look for. */
export const healthConfig = `{
  "services": [
    { "name": "agent", "port": 3000, "health_endpoint": "/health" },
    { "name": "postgres", "port": 5432, "health_endpoint": "/health" },
    { "name": "nameless" }
  ],
  "thresholds": { "restart_failures": 5, "cpu_max": 90, "mem_max": 85, "odd": 1 }
}
`;

export const kumaBackup = JSON.stringify(
  {
    version: '1.23.13',
    notificationList: [{ id: 1, name: 'Team chat', config: '{"webhook":"https://marked"}' }],
    monitorList: [
      {
        name: 'Shop',
        type: 'keyword',
        url: 'https://shop.example/',
        method: 'GET',
        keyword: 'Welcome',
        interval: 60,
        retryInterval: 20,
        maxretries: 2,
        timeout: 48,
        accepted_statuscodes: ['200-299'],
        expiryNotification: true,
        ignoreTls: false,
        maxredirects: 10,
        headers: '{"Authorization":"Bearer marked-1","X-Region":"eu"}',
        notificationIDList: { '1': true },
      },
      {
        name: 'Queue',
        type: 'json-query',
        url: 'http://10.0.0.2/q',
        jsonPath: 'queue.depth',
        expectedValue: '0',
        accepted_statuscodes: ['200', '404'],
      },
      { name: 'SSH', type: 'port', hostname: '10.0.0.3', port: 22, interval: 30 },
      { name: 'Router', type: 'ping', hostname: 'router.lan' },
      {
        name: 'MX',
        type: 'dns',
        hostname: 'example.com',
        dns_resolve_type: 'MX',
        dns_resolve_server: '1.1.1.1',
        port: 53,
      },
      { name: 'Backup', type: 'push', pushToken: 'marked2marked2marked2', interval: 86400 },
      {
        name: 'Main DB',
        type: 'postgres',
        databaseConnectionString: 'postgres://u:marked-3@db/x',
        databaseQuery: 'SELECT 1',
      },
      { name: 'Box', type: 'docker', docker_container: 'web', docker_host: 1 },
      { name: 'Game', type: 'steam', hostname: 'game' },
      { name: 'Old', type: 'http', url: 'http://old', active: false },
      { name: 'Reverse', type: 'http', url: 'http://reverse', upsideDown: true },
      { name: 'shop', type: 'http', url: 'http://user:marked-4@host/' },
      { name: 'shop', type: 'http', url: 'http://second.example/' },
    ],
  },
  null,
  1,
);

export const gatus = `alerting:
  slack: { webhook-url: "https://marked" }
endpoints:
  - name: front
    group: core
    url: "https://example.org/health"
    interval: 1m
    headers:
      Authorization: "Bearer marked-5"
      X-Key: "\${API_KEY}"
    conditions:
      - "[STATUS] == any(200, 204)"
      - "[BODY].status == UP"
      - "[BODY].items[0].age < 10"
      - "[RESPONSE_TIME] < 300"
      - "[CERTIFICATE_EXPIRATION] > 48h"
      - "[BODY] == pat(*fine*)"
      - "len([BODY].list) > 2"
      - "[DOMAIN_EXPIRATION] > 720h"
    alerts:
      - type: slack
        failure-threshold: 4
        success-threshold: 3
  - name: resolver
    url: "8.8.8.8"
    dns: { query-name: "example.org.", query-type: "A" }
    conditions: ["[DNS_RCODE] == NOERROR"]
  - name: gate
    url: "icmp://gate.lan"
    interval: 30s
    conditions: ["[CONNECTED] == true", "[STATUS] == 200"]
  - name: mail
    url: "starttls://mail.example:587"
    conditions: ["[CONNECTED] == true"]
  - name: later
    enabled: false
    url: "http://later"
    conditions: ["[STATUS] == 200"]
external-endpoints:
  - name: nightly
    token: "marked-6"
    heartbeat: { interval: 30h }
maintenance:
  start: "23:30"
  duration: 1h
  timezone: Europe/Amsterdam
  every: [Monday, Thursday]
storage: { type: sqlite }
`;
