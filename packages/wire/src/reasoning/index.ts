export { openSignature, sealSignature, type SealedSignature } from './signature-envelope.ts';
