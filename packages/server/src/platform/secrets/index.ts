export { createRedactor, isSecretName, redactedMark, type Redactor } from './redactor.ts';
export { openSecrets, secretNamePattern, type Secrets, type SecretsOptions } from './secrets-file.ts';
