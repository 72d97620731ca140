import type { Rule } from '../rule.ts';

const broken =
  'Connection reset|[Rr]ead timed out|[Cc]onnect timed out|Connection timed out|Remote host terminated the handshake|Premature end of Content-Length|Unexpected end of file from server|peer not authenticated|Connection closed|handshake_failure';

/** Registries of Java, .NET, Ruby, PHP and others. */
export const networkOtherRules: readonly Rule[] = [
  {
    id: 'maven-network',
    kind: 'infrastructure',
    toolchain: 'maven',
    words: ['could not transfer'],
    pattern: String.raw`Could not transfer (?:artifact|metadata) \S+ from/to \S+ \(.*(?:${broken}|status code: 5\d\d|Temporary failure in name resolution|transfer failed for .*5\d\d)`,
    weight: 74,
    retryable: true,
    because: 'Maven lost its connection to the repository of artifacts',
    examples: {
      match: [
        '[ERROR] Failed to execute goal on project a: Could not transfer artifact org.a:b:jar:1 from/to central (https://repo.maven.apache.org/maven2): Connection reset -> [Help 1]',
        '[ERROR] x: Could not transfer artifact org.a:b:pom:1 from/to central (https://repo.maven.apache.org/maven2): status code: 503, reason phrase: Service Unavailable (503)',
      ],
      no_match: [
        '[ERROR] Could not transfer artifact com.a:b:jar:1 from/to github (https://maven.pkg.github.com/a/b): status code: 401, reason phrase: Unauthorized (401)',
      ],
    },
  },
  {
    id: 'maven-no-host',
    kind: 'infrastructure',
    toolchain: 'maven',
    words: ['unknown host', 'connection refused', 'name or service not known'],
    pattern: String.raw`Could not transfer (?:artifact|metadata) \S+ from/to \S+ \(https?://([\w.-]+)[^)]*\): .*(?:Unknown host|Connection refused|Name or service not known)`,
    host: true,
    weight: 72,
    retryable: true,
    because: 'Maven could not reach the repository of artifacts',
    examples: {
      match: [
        '[ERROR] Could not transfer metadata org.a:b/maven-metadata.xml from/to central (https://repo.maven.apache.org/maven2): repo.maven.apache.org: Name or service not known',
      ],
      no_match: ['java.net.ConnectException: Connection refused'],
    },
  },
  {
    id: 'gradle-status',
    kind: 'infrastructure',
    toolchain: 'gradle',
    words: ['received status code 5', 'http response code: 5'],
    pattern: String.raw`(?:Could not (?:GET|HEAD|PUT) '\S+'\. Received status code 5\d\d from server|Server returned HTTP response code: 5\d\d for URL: https://services\.gradle\.org)`,
    weight: 74,
    retryable: true,
    because: 'a repository of artifacts answered with an error of its own',
    examples: {
      match: [
        "> Could not GET 'https://plugins.gradle.org/m2/a.pom'. Received status code 502 from server: Bad Gateway",
      ],
      no_match: [
        "> Could not GET 'https://plugins.gradle.org/m2/a.pom'. Received status code 401 from server: Unauthorized",
      ],
    },
  },
  {
    id: 'gradle-network',
    kind: 'infrastructure',
    toolchain: 'gradle',
    words: [
      'timed out',
      'connection reset',
      'handshake',
      'premature end',
      'end of file',
      'name resolution',
      'service not known',
    ],
    pattern: String.raw`^(?:${broken}|[\w.-]+: (?:Temporary failure in name resolution|Name or service not known))`,
    near: { pattern: 'Could not (?:GET|HEAD|get resource|download) ', within: 3 },
    weight: 74,
    retryable: true,
    because: 'Gradle lost its connection to a repository of artifacts',
    examples: { match: [], no_match: ['Read timed out', 'Connection reset'] },
  },
  {
    id: 'gradle-wrapper',
    kind: 'infrastructure',
    toolchain: 'gradle',
    words: ['downloading from https://services.gradle.org', 'caused by: java.net'],
    pattern: String.raw`^(?:Exception in thread "main" java\.io\.IOException: Downloading from https://services\.gradle\.org\S* failed: timeout|Caused by: java\.net\.(?:SocketTimeoutException|SocketException|UnknownHostException): )`,
    near: { pattern: String.raw`services\.gradle\.org|org\.gradle\.wrapper`, within: 12 },
    weight: 74,
    retryable: true,
    because: 'the Gradle wrapper could not download Gradle',
    examples: {
      match: [
        'Exception in thread "main" java.io.IOException: Downloading from https://services.gradle.org/distributions/gradle-8.10-bin.zip failed: timeout (10000ms)',
      ],
      no_match: ['Caused by: java.net.SocketTimeoutException: Read timed out'],
    },
  },
  {
    id: 'nuget-network',
    kind: 'infrastructure',
    toolchain: 'dotnet',
    words: ['unable to load the service index', 'nu1301', 'does not indicate success: 5'],
    pattern: String.raw`(?:error (?:NU1301)? ?: ?(?:Unable to load the service index for source|Failed to retrieve information about .* from remote source) '?https?://([\w.-]+)|Response status code does not indicate success: 5\d\d)`,
    unless: { pattern: String.raw`does not indicate success: 40[134]|error NU1101|error NU1102`, within: 6 },
    weight: 72,
    retryable: true,
    because: 'a source of NuGet packages could not be reached, or answered with an error of its own',
    examples: {
      match: [
        '/src/a.csproj : error NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json.',
        'Response status code does not indicate success: 502 (Bad Gateway).',
      ],
      no_match: ['/src/a.csproj : error NU1101: Unable to find package A.'],
    },
  },
  {
    id: 'gem-network',
    kind: 'infrastructure',
    toolchain: 'ruby',
    words: [
      'gem::remotefetcher',
      'bundler::httperror',
      'could not fetch specs',
      'network error while fetching',
      'could not reach host',
    ],
    pattern: String.raw`^(?:Gem::RemoteFetcher::(?:FetchError|UnknownHostError)|Bundler::HTTPError|ERROR:  .*Gem::RemoteFetcher::FetchError|Could not fetch specs from https://rubygems\.org|Network error while fetching|Could not reach host rubygems\.org)`,
    not: String.raw`\b40[134]\b`,
    weight: 74,
    retryable: true,
    because: 'Bundler lost its connection to rubygems.org',
    examples: {
      match: [
        'Gem::RemoteFetcher::FetchError: Net::OpenTimeout: Failed to open TCP connection to rubygems.org:443 (execution expired)',
        'Bundler::HTTPError Could not fetch specs from https://rubygems.org/',
      ],
      no_match: [
        'Retrying download gem from https://rubygems.org/ due to error (2/4): Gem::RemoteFetcher::FetchError too many connection resets',
      ],
    },
  },
  {
    id: 'composer-network',
    kind: 'infrastructure',
    toolchain: 'php',
    words: ['curl error', 'file could not be downloaded'],
    pattern: String.raw`^(?:curl error (?:6|7|16|28|35|52|55|56|92) while downloading https://|The "https://\S+" file could not be downloaded.*(?:HTTP/\S+ 5\d\d|timed out|[Cc]onnection reset))`,
    weight: 74,
    retryable: true,
    because: 'Composer lost its connection to the repository of packages',
    examples: {
      match: [
        'curl error 28 while downloading https://repo.packagist.org/p2/a/b.json: Operation timed out',
        'The "https://repo.packagist.org/p2/a/b.json" file could not be downloaded (HTTP/2 502 )',
      ],
      no_match: ['The "https://repo.packagist.org/p2/a/b.json" file could not be downloaded (HTTP/2 404 )'],
    },
  },
  {
    id: 'bazel-network',
    kind: 'infrastructure',
    toolchain: 'bazel',
    words: [
      'error downloading [',
      'unable to download',
      "couldn't be downloaded",
      'got socket error',
      'package fetch failed',
      'http request failed',
      'download error:',
    ],
    pattern: String.raw`(?:Error downloading \[https://.*(?:timed out|GET returned 5\d\d|Connection reset|Unknown host)|^(?:error: |warning: )?unable to download 'https://.*(?:HTTP error 5\d\d|Timeout was reached|Could not resolve)|CDN: trunk URL couldn't be downloaded: .*(?:Response: 5\d\d|[Tt]imeout|Recv failure)|^Got socket error trying to find package|^(?:\*\* \(Mix\) )?(?:Package fetch failed|HTTP request failed) .*(?:timeout|closed|5\d\d)|download error: Caught java\.net\.Socket)`,
    not: '^warning: ',
    weight: 70,
    retryable: true,
    because: 'a download of a dependency broke off',
    examples: {
      match: [
        'ERROR: java.io.IOException: Error downloading [https://github.com/a/b.tar.gz] to /x: GET returned 502 Bad Gateway',
        "error: unable to download 'https://cache.nixos.org/abc.narinfo': HTTP error 503",
        "CDN: trunk URL couldn't be downloaded: https://cdn.cocoapods.org/all_pods.txt Response: 503",
      ],
      no_match: [
        "warning: unable to download 'https://cache.nixos.org/abc.narinfo': HTTP error 503; retrying",
        'Error downloading [https://github.com/a/b.tar.gz] to /x: GET returned 404 Not Found',
      ],
    },
  },
  {
    id: 'terraform-registry',
    kind: 'infrastructure',
    toolchain: 'terraform',
    words: [
      'could not connect to',
      'could not query',
      'failed to install provider',
      'failed to query available provider',
    ],
    pattern: String.raw`^(?:Could not retrieve .*could not (?:connect to|query)|.*could not (?:connect to|query provider registry for) registry\.terraform\.io|Error: (?:Failed to install provider|Failed to query available provider packages))`,
    near: {
      pattern: String.raw`\b50[0234] |Client\.Timeout|context deadline exceeded|connection reset|TLS handshake timeout|no such host|i/o timeout|unexpected EOF|giving up after`,
      within: 5,
    },
    weight: 74,
    retryable: true,
    because: 'the registry of Terraform could not be reached',
    examples: {
      match: [
        'Could not retrieve the list of available versions for provider hashicorp/aws: could not connect to registry.terraform.io: failed to request discovery document: 503 Service Unavailable',
      ],
      no_match: ['Error: Failed to query available provider packages'],
    },
  },
  {
    id: 'helm-brew-choco',
    kind: 'infrastructure',
    toolchain: 'installers',
    words: ['cannot be reached', 'failed to fetch', 'failed to download'],
    pattern: String.raw`^(?:Error: .*(?:cannot be reached|failed to (?:fetch|download)).*(?:connection reset|i/o timeout|\b50[0234]\b|EOF|TLS handshake|no such host)|Error: .*: Failed to download resource |Failed to fetch results from V2 feed at .*(?:\b50[0234]\b|timed out|unable to connect))`,
    weight: 70,
    retryable: true,
    because: 'an installer could not download what it needs',
    examples: {
      match: [
        'Error: jq: Failed to download resource "jq (1.7.1)"',
        'Error: failed to fetch https://charts.example.org/index.yaml : 503 Service Unavailable',
      ],
      no_match: ['Error: failed to download "a/b" at version "9.9.9": not found'],
    },
  },
];
