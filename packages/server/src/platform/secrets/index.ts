export { createRedactor, isSecretName, redactedMark, withoutSecrets, type Redactor } from './redactor.ts';
export { openSecrets, secretNamePattern, type Secrets, type SecretsOptions } from './secrets-file.ts';
