import { z } from 'zod';
import { caFile, certificateDays, Host, maxLatency, pace, Port, retries } from './pace.ts';
import { Literal, Pattern, predicates } from './predicate.ts';

/** Asks a web address and looks at the answer. */
export const HttpCheck = z
  .strictObject({
    type: z.literal('http'),
    url: z
      .url({ protocol: /^https?$/ })
      .meta({ description: 'Address that is asked. May hold `${secret:…}`.' }),
    method: z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      .default('GET')
      .meta({ description: 'Request method.' }),
    status: z
      .array(z.int().min(100).max(599))
      .default([])
      .meta({ description: 'Accepted statuses. Empty: any 2xx.' }),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: 'Request headers. Values may be `${secret:…}` or `${env:…}`.' }),
    body: z.string().max(65_536).optional().meta({ description: 'Request body.' }),
    contains: Literal.optional().meta({ description: 'Text that the answer has to contain.' }),
    lacks: Literal.optional().meta({ description: 'Text that the answer must not contain.' }),
    matches: Pattern.optional().meta({ description: 'Regular expression (RE2) the answer has to match.' }),
    json: predicates.meta({ description: 'What has to hold in an answer of JSON; all of it.' }),
    redirects: z.int().min(0).max(10).default(0).meta({ description: 'How many redirects are followed.' }),
    certificate_days: certificateDays(0),
    verify_certificate: z
      .boolean()
      .default(true)
      .meta({ description: 'Off: a certificate that nobody vouches for is accepted.' }),
    ca_file: caFile,
    ...maxLatency,
    ...pace(),
    ...retries,
  })
  .meta({
    title: 'HTTP',
    description: 'The answer of a web address: status, text, JSON, certificate, time.',
  });

/** Connects to a port, and may speak first. */
export const TcpCheck = z
  .strictObject({
    type: z.literal('tcp'),
    host: Host.default('127.0.0.1'),
    port: Port.meta({ description: 'Port that has to take a connection.' }),
    send: z
      .string()
      .max(4096)
      .optional()
      .meta({ description: 'Sent after connecting. `\\r\\n` and the like as in YAML double quotes.' }),
    expect: Literal.optional().meta({ description: 'Text that has to come back within the time.' }),
    ...maxLatency,
    ...pace(),
    ...retries,
  })
  .meta({ title: 'TCP', description: 'A port takes a connection, and answers as expected.' });

/** ICMP echo, by the system’s own `ping`. */
export const PingCheck = z
  .strictObject({
    type: z.literal('ping'),
    host: Host,
    count: z
      .int()
      .min(1)
      .max(10)
      .default(1)
      .meta({ description: 'Echo requests a look; one answer is enough.' }),
    ...maxLatency,
    ...pace(10, 3, 1),
    ...retries,
  })
  .meta({ title: 'Ping', description: 'A host answers ICMP echo requests.' });

/** Asks a name server. */
export const DnsCheck = z
  .strictObject({
    type: z.literal('dns'),
    name: Host.meta({ description: 'Name that is asked for.' }),
    record: z
      .enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV', 'CAA', 'SOA', 'PTR'])
      .default('A')
      .meta({ description: 'Kind of record.' }),
    resolver: z
      .union([z.ipv4(), z.ipv6()])
      .optional()
      .meta({ description: 'Address of the name server. Absent: those of this machine.' }),
    resolver_port: Port.default(53),
    expect: z
      .array(z.string().max(500))
      .max(50)
      .default([])
      .meta({ description: 'Answers that all have to be among those given. Empty: any answer.' }),
    exact: z
      .boolean()
      .default(false)
      .meta({ description: 'Other answers than the expected ones are a failure.' }),
    ...maxLatency,
    ...pace(30, 5),
    ...retries,
  })
  .meta({ title: 'DNS', description: 'A name has the records it should have.' });

/** Shakes hands and reads the certificate. */
export const TlsCheck = z
  .strictObject({
    type: z.literal('tls'),
    host: Host,
    port: Port.default(443),
    server_name: Host.optional().meta({ description: 'Name the certificate is for. Absent: the host.' }),
    certificate_days: certificateDays(14),
    verify_chain: z
      .boolean()
      .default(true)
      .meta({ description: 'The certificate has to lead to a known authority.' }),
    verify_host: z.boolean().default(true).meta({ description: 'The certificate has to be for this name.' }),
    min_version: z
      .enum(['TLSv1.2', 'TLSv1.3'])
      .default('TLSv1.2')
      .meta({ description: 'Oldest version of TLS that is accepted.' }),
    ca_file: caFile,
    ...pace(300, 10),
    ...retries,
  })
  .meta({
    title: 'TLS certificate',
    description: 'A certificate is valid, for this name, and for long enough.',
  });

/** Asks a model for a few words and waits for the first of them. */
export const AgentCheck = z
  .strictObject({
    type: z.literal('agent'),
    model: z.string().min(1).max(200).meta({ description: 'Model, as an agent would ask for it.' }),
    protocol: z
      .enum(['responses', 'chat', 'messages'])
      .default('responses')
      .meta({ description: 'OpenAI Responses, OpenAI Chat Completions or Anthropic Messages.' }),
    base_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ description: 'Where a provider serves the protocol, with `/v1`. Absent: our own gateway.' }),
    api_key: z
      .string()
      .optional()
      .meta({ description: 'Key of that provider: `${secret:…}`. The gateway needs none from you.' }),
    prompt: z.string().min(1).max(500).default('Say OK.').meta({ description: 'What is asked.' }),
    max_output_tokens: z
      .int()
      .min(1)
      .max(64)
      .default(16)
      .meta({ description: 'Bounds what one look can cost.' }),
    max_first_token_ms: z
      .number()
      .min(1)
      .max(120_000)
      .default(15_000)
      .meta({ description: 'A first token that comes later counts as failed.' }),
    listed: z.boolean().default(true).meta({
      description:
        'With `base_url`: fails where the provider has a list of models and this one is not on it. Off for names that no list has, such as deployments.',
    }),
    ...pace(600, 30, 60),
  })
  .meta({
    title: 'Agent protocol',
    description: 'A model sends its first token in time. Each look costs tokens.',
  });
